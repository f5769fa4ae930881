//! The bots of the repository in whole conversations, with duplicates, other orders, and a weather service that fails.

use perch::x_api::time::Span;
use perch_simulator::Weather;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, item, message};
use crate::world::dialects::speaks_plain;
use crate::world::faults::{Fault, Seam};
use crate::world::scheduler::Order;

#[test]
fn snowbot_reports_lists_plays_and_finds_its_way_back() {
    let mut world = World::with_bot("snow");
    assert!(world.hears(ADA, "home").contains("Ada"));
    assert_eq!(world.tapped(ADA, "❄ Snow report"), "Which resort?");
    let report = world.tapped(ADA, "Corrie Mor");
    assert!(report.contains("240 cm of snow, 41 cm of it new") && report.contains("3 of 11 lifts"), "{report}");
    assert!(world.hears(ADA, "snow fjell").contains("Fjellvik, North Shore"));
    assert!(world.hears(ADA, "snow nowhere").contains("I know no resort called \"nowhere\""));
    assert_eq!(world.hears(ADA, "2"), "Write the name of the resort, or a part of it.");
    assert!(world.hears(ADA, "glint peaks").contains("Glint Peaks"));
    assert!(world.hears(ADA, "playlist").contains("Which one?"));
    assert!(world.tapped(ADA, "The drive up").starts_with("Enjoy \"The drive up\"."));
    assert!(world.hears(ADA, "back").contains("Which one?"));
    assert!(world.hears(ADA, "help").contains("These words work everywhere"));
    assert!(world.tapped(ADA, "Home").contains("Ada"));
    assert_eq!(world.count("SELECT COUNT(*) FROM timers"), 0);
    if speaks_plain() {
        return; // v2 has no signs of attention
    }
    let typing = world.calls_to("/1.1/direct_messages/indicate_typing.json");
    assert_eq!(typing, 3, "one sign of typing for each report");
    assert_eq!(world.calls_to("/1.1/direct_messages/mark_read.json"), 12, "each answered message is marked as read");
}

#[test]
fn whatever_the_weather_service_does_the_customer_gets_an_answer_and_a_way_on() {
    for weather in [Weather::Hangs, Weather::Fails, Weather::Html, Weather::Huge, Weather::Redirects] {
        let mut world = World::with_bot("snow");
        world.weather(weather);
        world.writes(ADA, "snow corrie");
        world.passes(Span::minutes(2));
        let said = world.sent_to(ADA);
        assert_eq!(said.len(), 1, "{weather:?}");
        assert!(said[0].contains("does not answer at the moment"), "{weather:?}: {said:?}");
        world.weather(Weather::Works);
        assert!(world.tapped(ADA, "Try again").contains("240 cm"), "{weather:?}");
    }
}

#[test]
fn a_host_that_is_not_allowed_is_not_called() {
    let mut world = World::with_bot("snow");
    world.set("CALL_HOSTS", "other.example");
    assert!(world.hears(ADA, "snow corrie").contains("does not answer"));
    assert_eq!(world.inner.borrow_mut().x.weather_calls(), 0);
}

#[test]
fn a_worker_that_dies_in_a_call_costs_the_report_and_not_the_answer() {
    let mut world = World::with_bot("snow");
    world.writes(ADA, "snow corrie");
    // First the sign of typing, then the call: the worker dies in it.
    world.inner.borrow_mut().x.settings().weather = Weather::Works;
    world.dies_in_the_call();
    world.passes(Span::minutes(3));
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("does not answer"), "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM timers"), 0);
}

#[test]
fn whichever_answer_of_the_database_is_lost_a_call_brings_its_report_without_the_whole_wait() {
    for seam in 0..40 {
        let mut world = World::with_bot("snow");
        world.hears(ADA, "hi");
        world.writes(ADA, "snow corrie");
        world.inner.borrow_mut().faults.at(seam, Fault::AnswerLost);
        world.passes(Span::minutes(4));
        let struck = world.inner.borrow().faults.struck;
        if struck.is_some_and(|(seam, _)| seam != Seam::Sql) {
            continue;
        }
        assert!(world.sent_to(ADA).iter().any(|said| said.contains("240 cm")), "{seam}: {struck:?}");
    }
}

#[test]
fn what_is_written_while_a_call_is_under_way_waits_and_is_answered_after_it() {
    let mut waited = 0;
    for seed in 1..=8 {
        let mut world = World::with_bot("snow");
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "snow corrie");
        world.writes(ADA, "help");
        world.passes(Span::minutes(2));
        let said = world.sent_to(ADA);
        let report = said.iter().position(|text| text.contains("Corrie Mor"));
        let help = said.iter().position(|text| text.contains("These words"));
        assert!(said.len() == 2 && report.is_some() && help.is_some(), "{said:?}");
        // Whichever was written down first; nothing comes between a call and its result.
        let turns = world.rows("SELECT cause FROM turns ORDER BY number");
        let call = turns.iter().position(|turn| turn["cause"].as_str().unwrap().starts_with("call:")).unwrap();
        let asked = format!("call:{}", turns[call - 1]["cause"].as_str().unwrap());
        assert_eq!(turns[call]["cause"], asked, "{turns:?}");
        waited += usize::from(call == 1 && help > report);
    }
    assert!(waited > 0, "in none was the call under way when the second message came");
}

#[test]
fn stop_silences_and_start_wakes() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    assert!(world.hears(ADA, "STOP").contains("silent from now on"));
    world.hears(ADA, "photo");
    world.hears(ADA, "hello?");
    assert_eq!(world.sent_to(ADA).len(), 2);
    assert!(world.hears(ADA, "start").contains("Ada"));
}

#[test]
fn a_person_has_the_conversation_after_a_handoff() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "help");
    assert!(world.tapped(ADA, "Talk to a person").contains("I have called a person"));
    world.hears(ADA, "are you there?");
    assert_eq!(world.sent_to(ADA).len(), 2, "the bot is silent");
    assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "human");
}

#[test]
fn a_welcome_message_leads_into_the_script() {
    if speaks_plain() {
        return; // v2 has no welcome messages: see plain.rs
    }
    let mut world = World::with_bot("snow");
    let now = world.now().0.unsigned_abs();
    {
        let mut inner = world.inner.borrow_mut();
        let shown = inner.x.customer_opens(now, ADA, BRAND, None).expect("the default welcome message");
        assert!(shown.text.starts_with("Welcome to SnowBot"));
        inner.x.customer_taps_welcome(now, ADA, BRAND, 0).unwrap();
    }
    world.drive();
    assert_eq!(world.sent_to(ADA), ["Which resort?"]);
}

#[test]
fn scores_are_recorded_once_corrected_and_a_birdie_is_posted() {
    let mut world = World::with_bot("leaderboard");
    assert!(world.hears(ADA, "t6 h12 s4").contains("Recorded: team 6, hole 12, 4 strokes, par."));
    assert!(world.hears(BO, "T6 H12 S5").contains("Not changed: 4 strokes are recorded"));
    assert!(world.hears(BO, "correct t6 h12 s5").contains("5 strokes instead of 4"));
    assert!(world.hears(BO, "t7, h1, s3").contains("birdie"));
    assert!(world.hears(BO, "t7 h1 s3").contains("recorded already"));
    assert_eq!(world.posts_of_the_brand(), ["Birdie! Team 7 takes hole 1 with 3 and is in the lead."]);
    assert!(world.hears(BO, "correct t7 h2 s3").contains("Nothing to correct"));
    world.hears(BO, "t7 h2 s4");
    assert!(world.hears(BO, "correct t7 h2 s3").contains("3 strokes instead of 4, birdie"));
    assert!(world.hears(BO, "correct t7 h2 s3").contains("recorded already"));
    assert_eq!(world.posts_of_the_brand()[1..], ["Birdie! Team 7 takes hole 2 with 3 and is in the lead."]);
    world.hears(BO, "correct t7 h2 s4");
    let standings = world.hears(ADA, "standings");
    assert_eq!(standings, "#1 Team 7: -1 after 2 holes\n#2 Team 6: +1 after 1 hole");
    assert_eq!(world.count("SELECT COUNT(*) FROM scores"), 3);
}

#[test]
fn a_score_is_asked_for_step_by_step_and_can_be_taken_back() {
    let mut world = World::with_bot("leaderboard");
    world.hears(ADA, "hi");
    assert!(world.tapped(ADA, "Enter a score").contains("Which team?"));
    assert!(world.hears(ADA, "99").contains("1 to 40"));
    assert!(world.hears(ADA, "6").contains("Which hole?"));
    assert!(world.hears(ADA, "undo").contains("Which team?"));
    world.hears(ADA, "7");
    world.hears(ADA, "1");
    assert!(world.hears(ADA, "3").contains("Team 7, hole 1: 3 strokes. Is that right?"));
    assert_eq!(world.tapped(ADA, "No, the strokes again"), "How many strokes?");
    world.hears(ADA, "4");
    assert!(world.hears(ADA, "yes").contains("Recorded: team 7, hole 1, 4 strokes, par."));
}

#[test]
fn the_same_score_from_two_customers_at_once_is_one_row_and_two_answers() {
    for seed in 0..12 {
        let mut world = World::with_bot("leaderboard");
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "t1 h1 s4");
        world.writes(BO, "t1 h1 s5");
        world.passes(Span::minutes(3));
        assert_eq!(world.count("SELECT COUNT(*) FROM scores"), 1);
        let all = [world.sent_to(ADA), world.sent_to(BO)].concat();
        assert_eq!(all.iter().filter(|said| said.starts_with("Recorded")).count(), 1, "{all:?}");
        assert_eq!(all.iter().filter(|said| said.starts_with("Not changed")).count(), 1, "{all:?}");
    }
}

#[test]
fn duplicates_and_another_order_change_nothing() {
    let mut world = World::with_bot("leaderboard");
    let at = world.now().0;
    let body = |n: i64, text: &str| message(&format!("19000000000000000{n}"), at + n, ADA, BRAND, text);
    let both = json!({"for_user_id": BRAND, "direct_message_events": [
        item("190000000000000002", at + 2, ADA, BRAND, "correct t1 h1 s3"), item("190000000000000001", at + 1, ADA, BRAND, "t1 h1 s4")]});
    for delivery in [both.to_string(), body(12, "standings"), both.to_string(), body(12, "standings")] {
        world.delivers(&delivery);
    }
    world.drive();
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].starts_with("Recorded") && said[1].starts_with("Corrected") && said[2].starts_with("#1 Team 1: -1"),
        "{said:?}"
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 3);
}

#[test]
fn a_mention_is_answered_in_public_once() {
    let mut world = World::with_bot("leaderboard");
    world.hears(BO, "t6 h12 s4");
    let now = world.now().0.unsigned_abs();
    let mention = world.inner.borrow_mut().x.customer_mentions(now, ADA, BRAND, "@furni who leads?");
    world.drive();
    let inner = world.inner.borrow();
    let ours: Vec<_> = inner.x.posts().iter().filter(|post| post.author == BRAND).collect();
    assert_eq!(ours.len(), 1);
    assert!(ours[0].written.starts_with("@ada Team 6 leads with E."), "{}", ours[0].written);
    assert_eq!(ours[0].in_reply_to.as_deref(), Some(mention.as_str()));
    let link = ours[0].direct_message_deep_link.clone().unwrap_or_default();
    match inner.x.welcome_messages().first() {
        Some(welcome) => assert!(link.ends_with(&format!("welcome_message_id={}", welcome.id)), "{link}"),
        None => assert!(speaks_plain() && link.ends_with(&format!("recipient_id={BRAND}")), "{link}"),
    }
    assert!(inner.x.said_to(BRAND, ADA).is_empty(), "nobody who has not written gets a message");
}

#[test]
fn metadata_that_was_never_issued_and_options_that_are_gone_are_answered_all_the_same() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    for (n, metadata) in
        ["nonsense", "resorts/atlantis", "report/page:9", "everywhere/", "welcome:gone/x", "\u{0}", "a/b/c"]
            .iter()
            .enumerate()
    {
        let mut tapped = item(&format!("19000000000000001{n}"), world.now().0, ADA, BRAND, "A label of long ago");
        tapped["message_create"]["message_data"]["quick_reply_response"] =
            json!({"type": "options", "metadata": metadata});
        world.delivers(&json!({"for_user_id": BRAND, "direct_message_events": [tapped]}).to_string());
        world.drive();
        assert_eq!(world.sent_to(ADA).len(), n + 2, "{metadata}: {:?}", world.sent_to(ADA));
    }
    world.publishes("leaderboard");
    // The playlist's options belong to a script that is gone.
    world.taps(ADA, "Help");
    world.drive();
    assert!(world.sent_to(ADA).last().unwrap().contains("A score is three numbers"), "read by its label");
}

#[test]
fn one_message_is_shown_and_deleted_by_an_admin() {
    let mut world = World::new();
    let id = world.writes(ADA, "hi");
    world.drive();
    let body = json!({"account": "@furni", "id": id}).to_string();
    let shown = world.admin("POST", "/api/dm/show", &body);
    assert!(shown.status() == 200 && String::from_utf8_lossy(shown.body()).contains("\"hi\""));
    assert_eq!(world.admin("POST", "/api/dm/delete", &body).status(), 200);
    let gone = world.admin("POST", "/api/dm/show", &body);
    assert!(gone.status() == 502 && String::from_utf8_lossy(gone.body()).contains("what_to_do"));
    assert_eq!(world.admin("POST", "/api/dm/show", "{}").status(), 400);
}

#[test]
fn snowbot_leads_to_things_to_read_and_shows_what_the_camera_sees() {
    let mut world = World::with_bot("snow");
    assert!(world.hears(ADA, "links").starts_with("How snow forms, how it is measured, and how to stay safe in it."));
    world.writes(ADA, "webcam");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    let [links, webcam] = inner.x.said_to(BRAND, ADA)[..] else { panic!("two answers expected") };
    let pages =
        [("How snow forms", "formation"), ("How it is measured", "measuring"), ("Avalanche safety", "avalanches")];
    for (label, page) in pages {
        let url = format!("https://example.com/snow/{page}");
        let has_button = links.buttons.iter().any(|button| button.label == label && button.url == url);
        let has_line = links.written.lines().any(|line| line == format!("{label}: {url}"));
        assert_eq!([has_button, has_line], [!speaks_plain(), speaks_plain()], "{label}: {links:?}");
    }
    assert!(webcam.written.starts_with("The valley as the camera sees it."), "{webcam:?}");
    let picture = std::fs::read(format!("{}/bots/snow/media/snow-dawn.png", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(inner.x.media(&webcam.attachment.as_ref().unwrap().media_id).unwrap().bytes(), picture);
}
