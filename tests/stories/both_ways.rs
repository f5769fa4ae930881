//! Where X has several ways for one thing: products that bring a message, dialects, secrets, shapes of an answer.

use perch::flows::probe::NEITHER;
use perch::x_api::crc::sha256_mark;
use perch::x_api::request::Request;
use perch::x_api::secret::Secret;
use perch::x_api::signature::HEADER_OF_CLIENT;
use perch::x_api::time::Span;
use perch_simulator::{ActivityShape, Calls, CrcSecret, Mishap, Signatures, Trouble, V1};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BRAND, CLIENT_SECRET, item, message, post};
use crate::world::scheduler::Order;

const RECEIVED: &str = "SELECT COALESCE(SUM(count), 0) FROM costs WHERE what = 'dm.received'";
const SENT: &str = "SELECT COALESCE(SUM(count), 0) FROM costs WHERE what = 'dm.sent'";
const ALL_FOUR: [[bool; 2]; 4] = [[false, false], [false, true], [true, false], [true, true]];

/// One message of Ada's as Account Activity brings it, and as X Activity does.
fn received(world: &World) -> [String; 2] {
    let now = world.now().0.to_string();
    let samples = [
        include_str!("../fixtures/deliveries/message.json"),
        include_str!("../fixtures/deliveries/activity_dm_received.json"),
    ];
    samples.map(|sample| {
        let of_ada = sample.replace("4337869213", BRAND).replace("3001969357", ADA);
        of_ada.replace("1516403560557", &now).replace("Hello World!", "hours")
    })
}

/// The message to Ada that X has, as either product brings it back; the second one leaves its options out.
fn brought_back(world: &World) -> [String; 2] {
    let inner = world.inner.borrow();
    let said = inner.x.said_to(BRAND, ADA);
    let ours = said[0];
    let bare = item(&ours.id, i64::try_from(ours.created_ms).unwrap(), BRAND, ADA, &ours.text);
    let options = ours.options.iter().map(|option| json!({"label": option.label, "metadata": option.metadata}));
    let options: Vec<Value> = options.collect();
    let mut rich = bare.clone();
    rich["message_create"]["message_data"]["quick_reply"] = json!({"type": "options", "options": options});
    let account_activity = json!({"for_user_id": BRAND, "direct_message_events": [rich]});
    let x_activity = json!({"data": {
        "event_uuid": "-6850472171600526495", "filter": {"user_id": BRAND}, "event_type": "dm.sent",
        "payload": {"direct_message_events": [bare]}}});
    [account_activity.to_string(), x_activity.to_string()]
}

#[test]
fn a_message_that_both_products_bring_is_answered_and_counted_once_in_either_order() {
    for seed in 0..10 {
        for [is_swapped, is_apart] in ALL_FOUR {
            let mut world = World::new();
            world.order(Order::Shuffled(seed));
            let mut bodies = received(&world);
            if is_swapped {
                bodies.reverse();
            }
            for body in &bodies {
                assert_eq!(world.delivers(body).status(), 200);
                if is_apart {
                    world.passes(Span::minutes(1));
                }
            }
            world.passes(Span::minutes(5));
            let case = format!("seed {seed}, swapped: {is_swapped}, apart: {is_apart}");
            let said = world.sent_to(ADA);
            assert_eq!(said.len(), 1, "{case}: {said:?}");
            assert!(said[0].contains("Monday to Friday"), "{case}: {said:?}");
            let rows = world.rows("SELECT status, outcome FROM inbox WHERE event_id = '954491830116155396'");
            assert_eq!(Value::Array(rows), json!([{"status": "handled", "outcome": "answered"}]), "{case}");
            assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 1, "{case}");
            assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'customer'"), 1, "{case}");
            assert_eq!((world.count(RECEIVED), world.count(SENT)), (1, 1), "{case}");
        }
    }
}

#[test]
fn our_own_message_that_both_products_bring_back_is_ours_and_hands_nothing_over() {
    for [is_swapped, is_lost] in ALL_FOUR {
        let mut world = World::new();
        world.without_echoes();
        world.writes(ADA, "hours");
        if is_lost {
            // X has it, and nobody here was told so but by what comes back.
            world.lose_the_worker_at_send();
        }
        world.drive();
        let mut bodies = brought_back(&world);
        if is_swapped {
            bodies.reverse();
        }
        for body in &bodies {
            assert_eq!(world.delivers(body).status(), 200);
        }
        world.passes(Span::seconds(20));
        let case = format!("swapped: {is_swapped}, lost: {is_lost}");
        let rows = world.rows("SELECT status, outcome FROM inbox WHERE outcome <> 'answered'");
        let outcome = if is_lost { "ours, known by this echo" } else { "ours" };
        assert_eq!(Value::Array(rows), json!([{"status": "handled", "outcome": outcome}]), "{case}");
        assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 2, "{case}");
        assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 2, "{case}");
        assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "bot", "{case}");
        assert_eq!(world.count("SELECT COUNT(*) FROM handoffs"), 0, "{case}");
        assert_eq!((world.count(RECEIVED), world.count(SENT)), (1, 1), "{case}");
        assert!(world.hears(ADA, "help").contains("Choose an answer"), "{case}: the bot goes on");
        assert_eq!(world.sent_to(ADA).len(), 2, "{case}");
    }
}

/// Which of its two kinds of Direct Messages X leaves open to the app.
fn leaves_open(world: &World, v1: V1, v2_messages: bool) {
    let mut inner = world.inner.borrow_mut();
    let app = inner.x.portal();
    (app.v1, app.v2_messages) = (v1, v2_messages);
}

fn speaks(world: &mut World) -> Value {
    world.api("GET", "/api/accounts", &Value::Null).1["accounts"][0]["speaks"].clone()
}

#[test]
fn an_account_of_which_x_takes_no_messages_is_told_so_and_connects_once_it_takes_some() {
    for v1 in [V1::Closed453, V1::Closed403, V1::Closed404] {
        for opens in ["rich", "plain"] {
            let mut world = World::empty();
            leaves_open(&world, v1, false);
            let report = world.connects(BRAND);
            let (said, mend) = NEITHER;
            let wanted = json!({"step": "dialect", "result": "failed", "cause": said, "what_to_do": mend});
            assert_eq!(report["ok"], false, "{v1:?}: {report:#}");
            assert_eq!(report["steps"].as_array().unwrap().last().unwrap(), &wanted, "{v1:?}");
            world.writes(ADA, "hours");
            world.drive();
            assert!(world.sent_to(ADA).is_empty(), "{v1:?}");
            let is_rich = opens == "rich";
            leaves_open(&world, if is_rich { V1::Open } else { v1 }, !is_rich);
            let report = world.connects(BRAND);
            assert_eq!(report["ok"], true, "{v1:?} {opens}: {report:#}");
            assert_eq!(speaks(&mut world), opens, "{v1:?}");
            world.passes(Span::minutes(1));
            assert_eq!(world.sent_to(ADA).len(), 1, "{v1:?} {opens}: what was asked meanwhile is answered");
        }
    }
}

/// How often X was asked to take a message of v2.
fn tries_of_v2(world: &World) -> usize {
    world.sends() - world.calls_to("/1.1/direct_messages/events/new.json")
}

#[test]
fn when_x_closes_v2_and_has_opened_v1_the_message_in_hand_goes_out_rich_once() {
    // At first X says, or does not say, whether it takes v1.1 now.
    for silences in [0, 2] {
        let mut world = World::empty();
        leaves_open(&world, V1::Closed453, true);
        assert_eq!(world.connects(BRAND)["ok"], true);
        assert_eq!(speaks(&mut world), "plain");
        world.hears(ADA, "hi");
        world.passes(Span::minutes(20));
        leaves_open(&world, V1::Open, false);
        let asked = Calls::starting_with("/1.1/direct_messages/welcome_messages/list.json").times(silences);
        world.misbehaves(Trouble::Calls(asked, Mishap::unavailable()));
        world.writes(ADA, "hours");
        world.drive();
        assert_eq!(world.sent_to(ADA).len(), if silences == 0 { 2 } else { 1 }, "{silences}");
        world.passes(Span::minutes(10));
        assert_eq!(speaks(&mut world), "rich", "{silences}");
        {
            let inner = world.inner.borrow();
            let said = inner.x.said_to(BRAND, ADA);
            assert_eq!(said.len(), 2, "{silences}");
            assert!(said[0].options.is_empty() && said[0].written.contains("1. Opening hours"), "{}", said[0].written);
            assert!(said[1].written.contains("Monday to Friday"), "{}", said[1].written);
            assert!(!said[1].written.contains("\n1. "), "{}", said[1].written);
            assert_eq!(said[1].options.len(), 2, "{silences}");
        }
        let tries = tries_of_v2(&world);
        world.hears(ADA, "help");
        assert_eq!((world.sent_to(ADA).len(), tries_of_v2(&world)), (3, tries), "{silences}: rich from then on");
    }
}

/// X signs by the client secret of OAuth 2.0 alone, and wants its challenge answered by it; this is what we know of it.
fn signed_by_client(ours: &str) -> World {
    let mut world = World::empty();
    world.set("X_CLIENT_SECRET", ours);
    world.inner.borrow_mut().x.settings().signatures = Signatures::OAuth2;
    world.inner.borrow_mut().x.settings().crc_secret = CrcSecret::Client;
    world
}

/// X takes the webhook for invalid, and an admin has it validated: the status, and what X takes it for then.
fn validates(world: &mut World) -> (u16, bool) {
    world.misbehaves(Trouble::InvalidateWebhooks);
    let id = world.inner.borrow().x.webhooks()[0].id.clone();
    let (status, _) = world.api("POST", "/api/webhooks/validate", &json!({"id": id}));
    let is_valid = world.inner.borrow().x.webhooks()[0].valid;
    (status, is_valid)
}

fn mark(secret: &str, body: &str) -> String {
    sha256_mark(&Secret::new(secret), body.as_bytes())
}

/// A delivery with the second signature alone.
fn by_client(secret: &str, body: &str) -> Request {
    let mut request = post(None, body.to_owned());
    request.headers_mut().insert(HEADER_OF_CLIENT, mark(secret, body).parse().unwrap());
    request
}

#[test]
fn where_x_signs_by_the_client_secret_alone_an_account_connects_is_validated_and_answers() {
    let mut world = signed_by_client(CLIENT_SECRET);
    let report = world.connects(BRAND);
    assert_eq!(report["ok"], true, "{report:#}");
    assert_eq!(validates(&mut world), (200, true));
    assert!(world.hears(ADA, "hours").contains("Monday to Friday"));
}

#[test]
fn a_delivery_by_the_previous_client_secret_is_taken_and_one_by_neither_is_refused() {
    let mut world = signed_by_client(CLIENT_SECRET);
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.set("X_CLIENT_SECRET", "the next client secret");
    world.set("X_CLIENT_SECRET_PREVIOUS", "one of long ago");
    world.writes(ADA, "hours");
    world.drive();
    let status = world.inner.borrow().x.posted().last().unwrap().status;
    assert_eq!(status, Some(401));
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hours");
    assert_eq!(world.asks(by_client(CLIENT_SECRET, &body)).status(), 401);
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0, "nothing of it was taken");

    world.set("X_CLIENT_SECRET_PREVIOUS", CLIENT_SECRET);
    let misplaced = mark(CLIENT_SECRET, &body);
    assert_eq!(world.posts(Some(&misplaced), body.clone()).status(), 401, "the first header has a secret of its own");
    assert_eq!(world.asks(by_client(CLIENT_SECRET, &body)).status(), 200);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert!(world.hears(ADA, "help").contains("Choose an answer"), "X's own delivery");

    world.unset("X_CLIENT_SECRET_PREVIOUS");
    let (status, is_valid) = validates(&mut world);
    assert!(status != 200 && !is_valid, "nor is the challenge answered: {status}");
}

#[test]
fn while_the_client_secret_is_rotated_a_challenge_is_answered_by_the_one_that_signed_it() {
    let mut world = signed_by_client("the next client secret");
    world.set("X_CLIENT_SECRET_PREVIOUS", CLIENT_SECRET);
    let report = world.connects(BRAND);
    assert_eq!(report["ok"], true, "{report:#}");
    assert_eq!(validates(&mut world), (200, true));
    assert!(world.hears(ADA, "hours").contains("Monday to Friday"));
}

#[test]
fn where_x_signs_by_both_secrets_a_setting_says_by_which_its_challenge_is_answered() {
    let mut world = World::empty();
    world.set("X_CLIENT_SECRET", CLIENT_SECRET);
    world.inner.borrow_mut().x.settings().crc_secret = CrcSecret::Client;
    let report = world.connects(BRAND);
    let failed = report["steps"].as_array().unwrap().last().unwrap();
    assert!(failed["what_to_do"].as_str().unwrap().contains("X_CRC_SECRET"), "{report:#}");
    world.set("X_CRC_SECRET", CLIENT_SECRET);
    assert_eq!(world.connects(BRAND)["ok"], true);
    assert_eq!(validates(&mut world), (200, true));
    assert!(world.hears(ADA, "hours").contains("Monday to Friday"));
}

#[test]
fn in_whichever_shape_x_gives_a_new_subscription_the_account_hears() {
    for shape in [ActivityShape::Nested, ActivityShape::Flat, ActivityShape::List] {
        let mut world = World::empty();
        world.set("X_PRODUCT", "xaa");
        world.inner.borrow_mut().x.settings().activity_shape = shape;
        let report = world.connects(BRAND);
        assert_eq!(report["ok"], true, "{shape:?}: {report:#}");
        let steps = report["steps"].as_array().unwrap();
        assert!(steps.iter().all(|step| step["result"] == "done"), "{shape:?}: no kind is left out: {report:#}");
        assert_eq!(world.inner.borrow().x.activity_subscriptions().len(), 5, "{shape:?}");
        assert!(world.hears(ADA, "hours").contains("Monday to Friday"), "{shape:?}");
        assert_eq!(world.sent_to(ADA).len(), 1, "{shape:?}");
        let (status, made) = world.api("POST", "/api/activity/add", &json!({"event_type": "profile.update.bio"}));
        assert_eq!((status, &made["subscription"]["event_type"]), (200, &json!("profile.update.bio")), "{shape:?}");
        let inner = world.inner.borrow();
        let mut known = inner.x.activity_subscriptions().iter();
        assert!(known.any(|known| made["subscription"]["id"] == known.id.as_str()), "{shape:?}: {made:#}");
    }
}
