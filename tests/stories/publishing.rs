//! Scripts published: planned, done, kept, cut off, taken back.

use perch::bot::script::Script;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::World;
use crate::world::cast::{ADA, BRAND};
use crate::world::dialects::speaks_plain;

#[test]
fn publishing_is_planned_done_kept_and_taken_back() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::with_bot("snow");
    let actions = |report: &Value| -> Vec<String> {
        let steps = report["steps"].as_array().unwrap().iter();
        // What has to be heard is the product's matter: see registry.rs.
        steps
            .filter(|step| step["what"] != "subscriptions")
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
        [
            "script snow keep",
            "profile robot keep",
            "welcome message hello keep",
            "welcome message report keep",
            "default rule hello keep"
        ]
    );
    let other = world.publishes("leaderboard");
    assert_eq!(
        actions(&other),
        [
            "script leaderboard update",
            "profile robot delete",
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
            "profile robot create",
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
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    for seam in 0..60 {
        let mut world = World::new();
        let body = world.publication("snow");
        world.dies_at_call(seam);
        world.tries_admin("POST", "/api/scripts/apply", &body);
        world.inner.borrow_mut().faults.plan([]);
        // A file that a lost worker was bringing is taken up again when its lease is over.
        world.passes(perch::x_api::time::Span::minutes(4));
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

#[test]
fn a_profile_speaks_and_a_welcome_message_has_its_picture() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    let inner = world.inner.borrow();
    let speaker = inner.x.said_to(BRAND, ADA)[0].custom_profile.clone().unwrap();
    assert_eq!(speaker.name, "SnowBot");
    let robot = std::fs::read(format!("{}/bots/snow/media/robot.png", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(inner.x.media(&speaker.avatar_media_id).unwrap().bytes(), robot);
    let welcome = inner.x.welcome_messages().iter().find(|message| message.text.starts_with("Welcome")).unwrap();
    let picture = inner.x.media(&welcome.attachment.as_ref().unwrap().media_id).unwrap();
    assert_eq!(picture.content_type, "image/png");
    assert_eq!(welcome.custom_profile.as_ref().unwrap().name, "SnowBot");
}

#[test]
fn an_account_that_may_not_have_profiles_speaks_as_itself_and_publishing_says_so() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::new();
    world.inner.borrow_mut().x.settings().custom_profiles = false;
    let report = world.publishes("snow");
    assert_eq!(report["ok"], false);
    let failed: Vec<&Value> =
        report["steps"].as_array().unwrap().iter().filter(|step| step["outcome"]["status"] == "failed").collect();
    assert!(failed.len() == 1 && failed[0]["what"] == "profile" && failed[0]["outcome"]["what_to_do"].is_string());
    assert!(world.hears(ADA, "hi").contains("Ada"));
    assert_eq!(world.inner.borrow().x.said_to(BRAND, ADA)[0].custom_profile, None);
}

#[test]
fn what_stands_on_x_is_listed_shown_and_deleted_by_hand_and_made_anew_by_the_next_apply() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::with_bot("snow");
    let ask = |world: &mut World, path: &str, body: Value| -> Value {
        let response = world.admin("POST", path, &body.to_string());
        serde_json::from_slice(response.body()).unwrap()
    };
    for (what, list, id) in [
        ("welcome", "/welcome_messages", "/welcome_messages/0/id"),
        ("rule", "/welcome_message_rules", "/welcome_message_rules/0/id"),
        ("profile", "/custom_profiles", "/custom_profiles/0/id"),
    ] {
        let all = ask(&mut world, "/api/on-x/list", json!({"what": what}));
        let count = all.pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("{what}: {all:#}")).len();
        let id = all.pointer(id).and_then(Value::as_str).unwrap().to_owned();
        let one = ask(&mut world, "/api/on-x/show", json!({"what": what, "id": id}));
        assert!(one.to_string().contains(&id), "{one:#}");
        assert_eq!(ask(&mut world, "/api/on-x/delete", json!({"what": what, "id": id}))["ok"], true, "{what}");
        let gone = ask(&mut world, "/api/on-x/show", json!({"what": what, "id": id}));
        assert!(gone["what_to_do"].is_string(), "{gone:#}");
        assert_eq!(world.publishes("snow")["ok"], true);
        let again = ask(&mut world, "/api/on-x/list", json!({"what": what}));
        assert_eq!(again.pointer(list).and_then(Value::as_array).unwrap().len(), count, "{what}");
    }
    assert_eq!(world.admin("POST", "/api/on-x/list", r#"{"what":"party"}"#).status(), 400);
    assert_eq!(world.admin("POST", "/api/on-x/show", r#"{"what":"rule"}"#).status(), 400);
}

#[test]
fn hosts_and_secrets_that_the_settings_lack_are_told_when_a_script_is_planned_and_published() {
    let yaml = r#"
version: 1
name: a
start: s
fallback: s
nodes:
  s: { say: hi, media: "https://pictures.example/a.png", options: [{ label: Go, go: t }] }
  t: { call: { get: "https://weather.perch.example/x", headers: { a: "{{ secret('SHOP') }}" }, into: r, on_error: s }, go: s }
"#;
    let mut world = World::new();
    let body = json!({"script": Script::read(yaml).unwrap()});
    for path in ["/api/scripts/plan", "/api/scripts/apply"] {
        let note = world.api("POST", path, &body).1["steps"][0]["note"].clone();
        let note = note.as_str().unwrap();
        assert!(note.contains("'pictures.example' is not in CALL_HOSTS"), "{note}");
        assert!(note.contains("CALL_SECRET_SHOP is not set") && !note.contains("weather"), "{note}");
    }
    world.set("CALL_HOSTS", "weather.perch.example pictures.example");
    world.set("CALL_SECRET_SHOP", "secret");
    assert_eq!(world.api("POST", "/api/scripts/plan", &body).1["steps"][0]["note"], Value::Null);
}

/// A script whose welcome message has this GIF; what the command line sends to publish it.
fn with_gif(world: &mut World, gif: &[u8]) -> Value {
    let yaml = "version: 1\nname: a\nstart: s\nfallback: s\ndefault_welcome: hello\nwelcome_messages: { hello: { say: Hi there, media: wave.gif, options: [{ label: Go, go: s }] } }\nnodes: { s: { say: hi, options: [{ label: Again, go: s }] } }\n";
    let hash: String = Sha256::digest(gif).iter().map(|byte| format!("{byte:02x}")).collect();
    let target = format!("/api/media/part?sha256={hash}&part=0&parts=1&type=image/gif&bytes={}", gif.len());
    assert_eq!(world.admin_bytes("POST", &target, gif.to_vec()).status(), 200);
    json!({"script": Script::read(yaml).unwrap(), "media": {"wave.gif": hash}})
}

#[test]
fn a_gif_that_x_works_on_is_waited_for_and_a_later_try_ends_it() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::new();
    let body = with_gif(&mut world, b"GIF89a-and-what-moves");
    let (status, report) = world.api("POST", "/api/scripts/apply", &body);
    assert_eq!((status, &report["ok"]), (200, &json!(false)), "{report:#}");
    for step in [1, 2] {
        let outcome = &report["steps"][step]["outcome"];
        assert_eq!(outcome["status"], "waiting", "message and rule: {report:#}");
        assert!(outcome["cause"].as_str().unwrap().contains("at work") && outcome["seconds"].as_i64().unwrap() > 0);
    }
    // As the command line does: again after as long as it says.
    let mut report = report;
    for _ in 0..5 {
        let Some(seconds) = report["steps"][1]["outcome"]["seconds"].as_i64() else { break };
        world.passes(Span::seconds(seconds));
        report = world.api("POST", "/api/scripts/apply", &body).1;
    }
    assert_eq!(report["ok"], true, "{report:#}");
    let inner = world.inner.borrow();
    assert!(inner.x.welcome_messages()[0].attachment.is_some());
    assert_eq!(inner.x.welcome_rules().len(), 1);
}

#[test]
fn a_file_that_x_refuses_is_told_as_that() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::new();
    let body = with_gif(&mut world, b"GIF89a-and-what-moves");
    world.misbehaves(Trouble::Calls(Calls::starting_with("/1.1/media/upload.json").for_ever(), Mishap::refused(324)));
    let (status, report) = world.api("POST", "/api/scripts/apply", &body);
    let outcome = &report["steps"][1]["outcome"];
    assert_eq!((status, &outcome["status"]), (502, &json!("failed")), "{report:#}");
    assert!(outcome["cause"].as_str().unwrap().starts_with("X does not take the file"), "{report:#}");
}

#[test]
fn lists_of_x_are_read_to_their_end() {
    if speaks_plain() {
        return; // v2 has no welcome messages and no profiles
    }
    let mut world = World::with_bot("snow");
    let profiles = world.calls_to("/1.1/custom_profiles/new.json");
    // Sixty younger ones of somebody else's stand before ours.
    let now = world.now().0.unsigned_abs();
    (0..60).for_each(|_| world.inner.borrow_mut().x.makes_profile(now, BRAND, "Another"));
    let report = world.publishes("snow");
    assert_eq!(report["ok"], true, "{report:#}");
    assert_eq!(world.calls_to("/1.1/custom_profiles/new.json"), profiles, "ours was found: {report:#}");
}
