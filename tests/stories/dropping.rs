//! Messages that are not sent any more, or not yet: each statement means those of one conversation that it names.

use perch::store::outbox::{self, Kind};
use perch::store::statement::Statement;
use perch::x_api::time::Timestamp;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};
use crate::world::store::conversation;

const OUTBOX: &str = "SELECT id, status, claim, due_at, looks, send_by, why FROM outbox";
/// After every lease and every date of what is owed here.
const LATE: Timestamp = Timestamp(1_900_000_000_000);

/// One message of Ada's, by the bot, which people have taken over since; those of others are just alike.
fn owed(change: &'static str) -> World {
    let mut world = World::new();
    world.change("DELETE FROM conversations");
    for (account, customer) in [(BRAND, ADA), (BRAND, BO), (SHOP, ADA)] {
        world.owes(account, customer, 1, Kind::Dm, "bot");
    }
    world.change("UPDATE outbox SET lease_until = 5, claim = 'w'");
    world.change(
        "INSERT INTO conversations (account_id, customer_id, holder, turns, state, updated_at)
         SELECT account_id, customer_id, 'ida', 2, '{}', 5 FROM outbox",
    );
    world.change(change);
    world
}

/// The columns of Ada's message that it changes; those of others stay.
fn changed(change: &'static str, statement: &Statement) -> Vec<String> {
    let mine = format!("{BRAND}:{ADA}:1/0 ");
    let changes = owed(change).changes(OUTBOX, statement.clone());
    let own = |change: String| change.strip_prefix(&mine).unwrap_or_else(|| panic!("of another: {change}")).to_owned();
    changes.into_iter().map(own).map(|change| change.split(':').next().unwrap().to_owned()).collect()
}

const AS_IT_IS: &str = "SELECT 1";
const SENDING: &str = "UPDATE outbox SET status = 'sending'";
const SENT: &str = "UPDATE outbox SET status = 'sent'";
const POST: &str = "UPDATE outbox SET kind = 'post'";

#[test]
fn what_the_bot_owes_is_dropped_once_people_have_the_conversation() {
    let drop = outbox::drop_of_former_holder(&conversation(BRAND, ADA));
    assert_eq!(changed(AS_IT_IS, &drop), ["status", "why"]);
    for stays in [
        SENDING,
        SENT,
        POST,
        "UPDATE outbox SET holder = 'ida'",
        "UPDATE conversations SET holder = 'bot' WHERE account_id = '1893471234567890001' AND customer_id = '1893471234567891001'",
        // The very turn that handed it over.
        "UPDATE conversations SET turns = 1 WHERE account_id = '1893471234567890001' AND customer_id = '1893471234567891001'",
        "DELETE FROM conversations WHERE account_id = '1893471234567890001' AND customer_id = '1893471234567891001'",
    ] {
        assert_eq!(changed(stays, &drop), Vec::<String>::new(), "{stays}");
    }
}

/// A handoff: id, account, customer, status.
macro_rules! handoff {
    ($id:literal, $account:literal, $customer:literal, $status:literal) => {
        concat!(
            "INSERT INTO handoffs (id, account_id, customer_id, status, place, started_by, settings, hold_until, started_at) VALUES ('",
            $id, "', '", $account, "', '", $customer, "', '", $status, "', 'agents', 'script', '{}', 9e15, 1)"
        )
    };
}

#[test]
fn the_words_that_hand_a_conversation_over_are_said_until_somebody_has_come() {
    let drop = outbox::drop_of_former_holder(&conversation(BRAND, ADA));
    for (handoff, is_said) in [
        (
            handoff!(
                "1893471234567890001:1893471234567891001:1",
                "1893471234567890001",
                "1893471234567891001",
                "waiting"
            ),
            true,
        ),
        (
            handoff!("1893471234567890001:1893471234567891001:1", "1893471234567890001", "1893471234567891001", "held"),
            false,
        ),
        (
            handoff!(
                "1893471234567890001:1893471234567891001:",
                "1893471234567890001",
                "1893471234567891001",
                "waiting"
            ),
            false,
        ),
        (
            handoff!(
                "1893471234567890001:1893471234567891001:1",
                "1893471234567890002",
                "1893471234567891001",
                "waiting"
            ),
            false,
        ),
        (
            handoff!(
                "1893471234567890001:1893471234567891001:1",
                "1893471234567890001",
                "1893471234567891002",
                "waiting"
            ),
            false,
        ),
    ] {
        assert_eq!(changed(handoff, &drop).is_empty(), is_said, "{handoff}");
    }
}

#[test]
fn after_a_stop_nothing_of_earlier_turns_is_said_and_what_is_on_its_way_is_not_tried_again() {
    let id = conversation(BRAND, ADA);
    assert_eq!(changed(AS_IT_IS, &outbox::drop_before(&id, 2)), ["status", "why"]);
    assert_eq!(changed(SENDING, &outbox::send_once_before(&id, 2)), ["send_by"]);
    for stays in [SENDING, SENT, POST] {
        assert_eq!(changed(stays, &outbox::drop_before(&id, 2)), Vec::<String>::new(), "{stays}");
    }
    for stays in [AS_IT_IS, SENT, "UPDATE outbox SET status = 'sending', kind = 'post'"] {
        assert_eq!(changed(stays, &outbox::send_once_before(&id, 2)), Vec::<String>::new(), "{stays}");
    }
    assert_eq!(changed(AS_IT_IS, &outbox::drop_before(&id, 1)), Vec::<String>::new());
    assert_eq!(changed(SENDING, &outbox::send_once_before(&id, 1)), Vec::<String>::new());
}

#[test]
fn a_post_whose_worker_is_gone_is_owed_again_and_a_sign_has_lost_its_moment() {
    let lapse = outbox::lapse(&conversation(BRAND, ADA), LATE);
    assert_eq!(
        changed("UPDATE outbox SET kind = 'post', status = 'sending'", &lapse),
        ["claim", "due_at", "looks", "status"]
    );
    let mut world = owed("UPDATE outbox SET kind = 'post', status = 'sending'");
    world.runs(lapse.clone());
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'owed'"), 1);
    let mut world = owed("UPDATE outbox SET kind = 'typing', status = 'sending'");
    world.runs(lapse.clone());
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'dropped'"), 1);
    for stays in [
        SENDING,
        POST,
        "UPDATE outbox SET kind = 'post', status = 'sent'",
        "UPDATE outbox SET kind = 'post', status = 'sending', lease_until = 9e15",
    ] {
        assert_eq!(changed(stays, &lapse), Vec::<String>::new(), "{stays}");
    }
}

#[test]
fn what_is_too_late_fails() {
    let fail = outbox::fail_too_late(&conversation(BRAND, ADA), LATE);
    assert_eq!(changed(AS_IT_IS, &fail), ["status", "why"]);
    for (why, mend) in [
        (AS_IT_IS, "Write again"),
        (r#"UPDATE outbox SET why = '{"said":"X is away.","what_to_do":"Wait."}'"#, "Wait."),
    ] {
        let mut world = owed(why);
        world.runs(fail.clone());
        let failed = world.rows("SELECT why FROM outbox WHERE status = 'failed'");
        assert!(failed[0]["why"].as_str().unwrap().contains(mend), "{failed:?}");
    }
    for stays in [SENDING, SENT, "UPDATE outbox SET send_by = 9e15"] {
        assert_eq!(changed(stays, &fail), Vec::<String>::new(), "{stays}");
    }
}

#[test]
fn where_x_lets_us_say_nothing_to_somebody_all_that_is_owed_to_them_fails() {
    let fail = outbox::fail_all_owed(&conversation(BRAND, ADA), "{}");
    assert_eq!(changed(AS_IT_IS, &fail), ["status", "why"]);
    for stays in [SENDING, SENT, POST] {
        assert_eq!(changed(stays, &fail), Vec::<String>::new(), "{stays}");
    }
}

#[test]
fn a_turn_writes_a_message_once() {
    let world = owed(AS_IT_IS);
    let body = r#"{"text":"other"}"#.to_owned();
    let owed = outbox::Owed {
        kind: Kind::Dm,
        cause: &format!("{BRAND}:{ADA}:1"),
        turn: 1,
        place: 0,
        holder: "bot",
        media: None,
        body,
    };
    let again = outbox::insert(&conversation(BRAND, ADA), &owed, LATE);
    assert!(world.inner.borrow_mut().runs(&[again]).is_err(), "so that its batch is not written either");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE body LIKE '%other%'"), 0);
}

#[test]
fn the_posts_of_the_conversation_that_are_due_wait_and_say_why() {
    let until = Timestamp(LATE.0 + 900_000);
    let hold = outbox::hold_posts(&conversation(BRAND, ADA), until, "{\"said\":\"no room\"}".to_owned(), LATE);
    assert_eq!(changed(POST, &hold), ["due_at", "why"]);
    for stays in [
        AS_IT_IS,
        "UPDATE outbox SET kind = 'post', status = 'sending'",
        "UPDATE outbox SET kind = 'post', status = 'sent'",
        "UPDATE outbox SET kind = 'post', due_at = 1900000000001",
    ] {
        assert_eq!(changed(stays, &hold), Vec::<String>::new(), "{stays}");
    }
    let mut world = owed("UPDATE outbox SET kind = 'post', due_at = 1900000000000");
    world.runs(hold);
    let held = world.rows("SELECT due_at, why FROM outbox WHERE due_at = 1900000900000");
    assert_eq!(held, [serde_json::json!({"due_at": 1_900_000_900_000_i64, "why": "{\"said\":\"no room\"}"})]);
}
