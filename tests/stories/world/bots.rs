//! The bots of the repository, published, and talked to.

use perch::bot::script::Script;
use perch_simulator::Weather;
use serde_json::{Value, json};

use super::World;
use super::cast::BRAND;

impl World {
    /// An admin publishes a bot of the repository; the report.
    pub fn publishes(&mut self, bot: &str) -> Value {
        let path = format!("{}/bots/{bot}/bot.yaml", env!("CARGO_MANIFEST_DIR"));
        let script = Script::read(&std::fs::read_to_string(path).unwrap()).unwrap();
        let response = self.admin("POST", "/api/scripts/apply", &json!({"script": script}).to_string());
        serde_json::from_slice(response.body()).unwrap()
    }

    pub fn with_bot(bot: &str) -> Self {
        let mut world = Self::new();
        let report = world.publishes(bot);
        assert_eq!(report["ok"], true, "{report:#}");
        world
    }

    /// The customer writes, everything is done, and this is what the account said last.
    pub fn hears(&mut self, customer: &str, words: &str) -> String {
        self.writes(customer, words);
        self.drive();
        self.sent_to(customer).pop().unwrap_or_default()
    }

    pub fn tapped(&mut self, customer: &str, label: &str) -> String {
        self.taps(customer, label);
        self.drive();
        self.sent_to(customer).pop().unwrap_or_default()
    }

    pub fn weather(&mut self, weather: Weather) {
        self.inner.borrow_mut().x.settings().weather = weather;
    }

    pub fn posts_of_the_brand(&self) -> Vec<String> {
        let inner = self.inner.borrow();
        inner.x.posts().iter().filter(|post| post.author == BRAND).map(|post| post.written.clone()).collect()
    }
}
