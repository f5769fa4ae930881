//! The bots of the repository, published, and talked to.

use perch::bot::script::Script;
use perch_simulator::Weather;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::World;
use super::cast::BRAND;

impl World {
    /// An admin publishes a bot of the repository; the report.
    pub fn publishes(&mut self, bot: &str) -> Value {
        let body = self.publication(bot);
        let response = self.admin("POST", "/api/scripts/apply", &body);
        serde_json::from_slice(response.body()).unwrap()
    }

    /// An admin publishes a script of the story's own.
    pub fn applies(&mut self, yaml: &str) {
        let body = json!({"script": Script::read(yaml).unwrap()});
        let (status, report) = self.api("POST", "/api/scripts/apply", &body);
        assert_eq!(status, 200, "{report:#}");
    }

    /// What the command line sends to publish it; its files are here already.
    pub fn publication(&mut self, bot: &str) -> String {
        let path = format!("{}/bots/{bot}/bot.yaml", env!("CARGO_MANIFEST_DIR"));
        // The command line puts the files in place of a pattern.
        let yaml = std::fs::read_to_string(&path).unwrap().replace("media/snow-*.png", "media/snow-dawn.png");
        let media = self.brings_files(&path);
        json!({"script": Script::read(&yaml).unwrap(), "media": media}).to_string()
    }

    /// The pictures of the bot's folder, as the command line brings them; their hashes.
    fn brings_files(&mut self, script: &str) -> Value {
        let folder = std::path::Path::new(script).parent().unwrap().join("media");
        let mut hashes = serde_json::Map::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let target = format!("/api/media/part?sha256={hash}&part=0&parts=1&type=image/png&bytes={}", bytes.len());
            assert_eq!(self.admin_bytes("POST", &target, bytes).status(), 200);
            hashes.insert(format!("media/{}", path.file_name().unwrap().to_str().unwrap()), json!(hash));
        }
        Value::Object(hashes)
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
