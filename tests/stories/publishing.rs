//! Scripts published: planned, done, kept, cut off, taken back.

use perch::bot::script::Script;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::ADA;

#[test]
fn publishing_is_planned_done_kept_and_taken_back() {
    let mut world = World::with_bot("snow");
    let actions = |report: &Value| -> Vec<String> {
        let steps = report["steps"].as_array().unwrap().iter();
        steps
            .map(|step| {
                format!(
                    "{} {} {}",
                    step["what"].as_str().unwrap(),
                    step["name"].as_str().unwrap(),
                    step["action"].as_str().unwrap()
                )
            })
            .collect()
    };
    let again = world.publishes("snow");
    assert_eq!(
        actions(&again),
        ["script snow keep", "welcome message hello keep", "welcome message report keep", "default rule hello keep"]
    );
    let other = world.publishes("leaderboard");
    assert_eq!(
        actions(&other),
        [
            "script leaderboard update",
            "welcome message hello update",
            "welcome message report delete",
            "default rule hello keep"
        ]
    );
    let back = world.admin("POST", "/api/scripts/rollback", r#"{"version": 1}"#);
    let back: Value = serde_json::from_slice(back.body()).unwrap();
    assert_eq!(
        actions(&back),
        [
            "script snow update",
            "welcome message hello update",
            "welcome message report create",
            "default rule hello keep"
        ]
    );
    assert!(world.hears(ADA, "playlist").contains("Which one?"));
    assert_eq!(world.inner.borrow().x.welcome_messages().len(), 2);
}

#[test]
fn publishing_that_is_cut_off_anywhere_is_finished_by_running_it_again() {
    for seam in 0..14 {
        let mut world = World::new();
        world.dies_at_call(seam);
        let path = format!("{}/bots/snow/bot.yaml", env!("CARGO_MANIFEST_DIR"));
        let script = Script::read(&std::fs::read_to_string(path).unwrap()).unwrap();
        world.tries_admin("POST", "/api/scripts/apply", &json!({"script": script}).to_string());
        let report = world.publishes("snow");
        assert_eq!(report["ok"], true, "seam {seam}: {report:#}");
        let inner = world.inner.borrow();
        assert_eq!((inner.x.welcome_messages().len(), inner.x.welcome_rules().len()), (2, 1), "seam {seam}");
    }
}

#[test]
fn a_script_with_mistakes_changes_nothing() {
    let mut world = World::new();
    let script = json!({"version": 1, "name": "a", "start": "gone", "fallback": "s", "nodes": {"s": {"say": "hi"}}});
    let response = world.admin("POST", "/api/scripts/apply", &json!({"script": script}).to_string());
    assert_eq!(response.status(), 422);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert!(body["mistakes"].as_array().unwrap().len() >= 2, "{body}");
    assert_eq!(world.count("SELECT COUNT(*) FROM scripts"), 0);
}
