//! What agents do in the inbox beside taking and answering: speak with a face, show what was sent, put a failure aside.

use bytes::Bytes;
use http::Method;
use perch::x_api::time::Span;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::World;
use crate::world::cast::{ADA, BRAND, SHOP, rate_limited, refuses};
use crate::world::dialects::speaks_plain;
use crate::world::people::{Agent, browser};

const PICTURE: &[u8] = include_bytes!("../../bots/snow/media/robot.png");

fn brings(world: &mut World, agent: &Agent, bytes: &'static [u8]) -> String {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = format!("/api/media/part?sha256={hash}&part=0&parts=1&type=image/png&bytes={}", bytes.len());
    let answer = world.asks(browser(Method::POST, &path, Some(&agent.cookie), Bytes::from_static(bytes)));
    assert_eq!(answer.status(), 200);
    hash
}

#[test]
fn an_agent_speaks_with_the_profile_that_an_admin_has_given_them() {
    if speaks_plain() {
        return; // v2 has no profiles
    }
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({"profile": "robot"}));
    let max = world.agent("max", &json!({"profile": "nobody's"}));
    world.hears(ADA, "hi");
    world.agent_says(&ida, ADA, "I am Ida.");
    let speaker = |world: &World| world.inner.borrow().x.said_to(BRAND, ADA).last().unwrap().custom_profile.clone();
    assert!(speaker(&world).is_some());
    world.acts(&ida, "close", ADA, &json!({}));
    world.agent_says(&max, ADA, "I am Max.");
    assert_eq!(speaker(&world), None, "a profile that X does not have: the account speaks as itself");
    world.acts(&max, "close", ADA, &json!({}));
    let (status, _) = world.api("POST", "/api/agents/change", &json!({"login": "ida", "profile": ""}));
    assert_eq!(status, 200);
    world.agent_says(&ida, ADA, "Without a face.");
    assert_eq!(speaker(&world), None);
}

#[test]
fn a_button_of_an_agent_leads_to_a_page_by_https_and_nowhere_else() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let button = |url: &str| json!({"text": "Here.", "buttons": [{"label": "Look", "url": url}]});
    for wrong in ["http://example.com", "javascript:alert(1)", "example.com", ""] {
        assert_eq!(world.acts(&ida, "say", ADA, &button(wrong)).0, 400, "{wrong}");
    }
    assert_eq!(world.acts(&ida, "say", ADA, &button("https://example.com/lamp")).0, 200);
    let thread = world.thread(&ida, ADA);
    assert_eq!(
        thread["entries"].as_array().unwrap().last().unwrap()["body"]["buttons"][0]["url"],
        "https://example.com/lamp"
    );
}

#[test]
fn an_agent_names_no_address_and_no_other_profile() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let file = brings(&mut world, &ida, PICTURE);
    let before = world.sent_to(ADA).len();
    for odd in [
        json!({"profile": "robot"}),
        json!({"alone": true}),
        json!({"by_label": true}),
        json!({"agent": "somebody else"}),
        json!({"media": {"url": "https://weather.perch.example/weather/v1/webcam.png"}}),
        json!({"media": {"url": "https://weather.perch.example/weather/v1/webcam.png"}, "file": file}),
        json!({"media": {"file": "look.png"}}),
        json!({"buttons": [{"label": "Follow", "follow": "evil"}]}),
        json!({"buttons": [{"label": "Write", "message": "1"}]}),
        json!({"buttons": [{"label": "Post", "post": {"text": "Buy!"}}]}),
    ] {
        let mut more = json!({"text": "Hello."});
        more.as_object_mut().unwrap().extend(odd.as_object().unwrap().clone());
        let (status, problem) = world.acts(&ida, "say", ADA, &more);
        assert_eq!(status, 400, "{more}");
        assert!(problem["what_to_do"].as_str().unwrap().contains("nothing else"), "{problem}");
        more.as_object_mut().unwrap().insert("customer".to_owned(), ADA.into());
        assert_eq!(world.api("POST", "/api/dm/send", &more).0, 400, "{more}");
    }
    for odd in ["", "%", "ada", BRAND] {
        assert_eq!(world.acts(&ida, "say", odd, &json!({"text": "Hello."})).0, 400, "{odd}");
    }
    assert_eq!(world.sent_to(ADA).len(), before);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations"), 1);
}

#[test]
fn the_picture_that_an_agent_sent_is_shown_in_the_thread() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let hash = brings(&mut world, &ida, PICTURE);
    let more = json!({"text": "Look.", "file": hash, "media": {"file": "look.png"}});
    assert_eq!(world.acts(&ida, "say", ADA, &more).0, 200);
    let thread = world.thread(&ida, ADA);
    let sent = thread["entries"].as_array().unwrap().iter().find(|entry| entry["body"]["text"] == "Look.").unwrap();
    let path = |message: &str| format!("/api/media/sent?account={BRAND}&message={message}");
    let answer =
        world.asks(browser(Method::GET, &path(sent["x_id"].as_str().unwrap()), Some(&ida.cookie), Bytes::new()));
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (200, PICTURE));
    assert_eq!(
        (&answer.headers()["content-type"], &answer.headers()["x-content-type-options"]),
        (&"image/png".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    for none in ["1", thread["entries"][0]["x_id"].as_str().unwrap()] {
        assert_eq!(world.does(&ida, "GET", &path(none), &Value::Null).0, 404);
    }
}

#[test]
fn the_picture_that_was_sent_to_somebody_who_is_forgotten_opens_no_more() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let hash = brings(&mut world, &ida, PICTURE);
    assert_eq!(world.acts(&ida, "say", ADA, &json!({"text": "Look.", "file": hash})).0, 200);
    let sent = world.rows("SELECT x_id FROM outbox WHERE media IS NOT NULL AND status = 'sent'")[0]["x_id"].clone();
    let path = format!("/api/media/sent?account={BRAND}&message={}", sent.as_str().unwrap());
    let opens = |world: &mut World| world.asks(browser(Method::GET, &path, Some(&ida.cookie), Bytes::new())).status();
    assert_eq!(opens(&mut world), 200);
    assert_eq!(world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA})).0, 200);
    assert_eq!(opens(&mut world), 404);
}

#[test]
fn a_picture_that_is_none_is_refused_before_x_sees_it() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    for (kind, bytes) in
        [("image/png", &b"<script>"[..]), ("image/jpeg", PICTURE), ("image/gif", b"GIF"), ("video/mp4", b"ftyp")]
    {
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/api/media/part?sha256={hash}&part=0&parts=1&type={kind}&bytes={}", bytes.len());
        let answer = world.asks(browser(Method::POST, &path, Some(&ida.cookie), Bytes::copy_from_slice(bytes)));
        assert_eq!(answer.status(), 400, "{kind}");
        assert!(String::from_utf8_lossy(answer.body()).contains("first bytes"), "{kind}");
    }
}

#[test]
fn a_message_that_was_not_sent_is_put_aside_by_whoever_has_seen_it() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.misbehaves(refuses(1, 150));
    world.agent_says(&ida, ADA, "X does not want this.");
    let unsaid = world.thread(&ida, ADA)["unsaid"].as_array().unwrap().clone();
    let failed = unsaid.last().unwrap();
    assert_eq!((unsaid.len(), &failed["status"]), (2, &json!("failed")), "with the notice that somebody has joined");
    let id = failed["id"].as_str().unwrap();
    assert_eq!(world.acts(&ida, "dismiss", ADA, &json!({})).0, 400);
    assert_eq!(world.acts(&ida, "dismiss", ADA, &json!({"message": id})).0, 200);
    world.acts(&ida, "dismiss", ADA, &json!({"message": unsaid[0]["id"]}));
    assert_eq!(world.thread(&ida, ADA)["unsaid"], json!([]));
    let (_, trouble) = world.api("GET", "/api/trouble", &Value::Null);
    assert!(!trouble.to_string().contains(id), "and is no trouble any more");
    world.agent_says(&ida, ADA, "This goes out.");
    let sent = world.thread(&ida, ADA)["entries"].as_array().unwrap().len();
    let settled = world.rows("SELECT id FROM outbox WHERE status = 'sent' ORDER BY created_at DESC LIMIT 1")[0].clone();
    world.acts(&ida, "dismiss", ADA, &json!({"message": settled["id"]}));
    assert_eq!(world.thread(&ida, ADA)["entries"].as_array().unwrap().len(), sent, "what X has stays as it is");
}

#[test]
fn people_see_as_which_account_they_answer() {
    let mut world = World::with_bot("snow");
    world.connects(SHOP);
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "Where is my lamp?");
    world.agent_says(&ida, ADA, "Here I am.");
    let (_, me) = world.does(&ida, "GET", "/api/me", &Value::Null);
    let names: Vec<&str> =
        me["accounts"].as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["furni", "shop"]);
    assert_eq!(world.view(&ida, "mine")[0]["account_username"], "furni");
    assert_eq!(world.thread(&ida, ADA)["conversation"]["account_username"], "furni");
    let (_, found) = world.does(&ida, "GET", "/api/inbox/search?q=lamp", &Value::Null);
    assert_eq!(found["messages"][0]["account_username"], "furni");
    let (_, found) = world.does(&ida, "GET", "/api/inbox/search?q=ada", &Value::Null);
    assert_eq!(found["customers"][0]["account_username"], "furni");
}

#[test]
fn people_see_why_nothing_goes_out_and_how_much_they_may_still_send() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let thread = world.thread(&ida, ADA);
    let conversation = &thread["conversation"];
    assert_eq!((&conversation["why"], &conversation["account_status"]), (&Value::Null, &json!("ready")));
    let day = |thread: &Value| {
        let day = thread["budgets"].as_array().unwrap().iter().find(|budget| budget["window"] == 86_400_000).unwrap();
        (day["cap"].as_i64().unwrap() - day["used"].as_i64().unwrap(), day["resets_at"].is_i64())
    };
    let (left, _) = day(&thread);
    world.agent_says(&ida, ADA, "Here I am.");
    assert_eq!(day(&world.thread(&ida, ADA)), (left - 2, true), "with the notice that she has joined");
    world.misbehaves(rate_limited(1, 600));
    world.agent_says(&ida, ADA, "One moment.");
    let limited = world.thread(&ida, ADA)["conversation"].clone();
    assert!(limited["sends_at"].is_i64() && limited["why"]["said"].is_string(), "{limited:#}");
    world.passes(Span::minutes(11));
    assert_eq!(world.thread(&ida, ADA)["conversation"]["why"], Value::Null);
    world.misbehaves(refuses(1, 89));
    world.agent_says(&ida, ADA, "And now?");
    let out = world.thread(&ida, ADA)["conversation"].clone();
    assert_eq!(out["account_status"], "signed_out", "{out:#}");
    assert!(out["why"]["what_to_do"].is_string(), "{out:#}");
}

#[test]
fn the_file_of_what_was_not_sent_can_be_sent_anew() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.agent_says(&ida, ADA, "One moment.");
    let hash = brings(&mut world, &ida, PICTURE);
    world.misbehaves(refuses(1, 150));
    world.acts(&ida, "say", ADA, &json!({"text": "Look.", "file": hash, "media": {"file": "look.png"}}));
    let unsaid = world.thread(&ida, ADA)["unsaid"][0].clone();
    assert_eq!((&unsaid["status"], &unsaid["file"]), (&json!("failed"), &json!(hash)));
}

#[test]
fn a_picture_goes_without_words_where_x_takes_it_so() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let hash = brings(&mut world, &ida, PICTURE);
    assert_eq!(world.acts(&ida, "say", ADA, &json!({"text": " "})).0, 400);
    let (status, said) =
        world.acts(&ida, "say", ADA, &json!({"text": "", "file": hash, "media": {"file": "look.png"}}));
    if !speaks_plain() {
        assert_eq!((status, said["what_to_do"].as_str()), (400, Some("Write something beside it.")), "{said}");
        return;
    }
    assert_eq!(status, 200, "{said}");
    let entries = world.thread(&ida, ADA)["entries"].clone();
    let ours: Vec<&Value> =
        entries.as_array().unwrap().iter().filter(|entry| entry["body"]["media"]["file"] == "look.png").collect();
    assert_eq!(ours.len(), 1, "{entries:#}");
    assert!(world.view(&ida, "mine").iter().all(|row| row["place"] == "agents"), "X's echo of it is known as ours");
}
