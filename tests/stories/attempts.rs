//! Events that are taken, given back and settled: which conditions hold, over the real tables.

use perch::store::inbox;
use perch::store::outbox::Kind;
use perch::x_api::time::{Span, Timestamp};

use crate::world::World;
use crate::world::cast::{ADA, BRAND};
use crate::world::store::conversation;

const INBOX: &str = "SELECT key, status, outcome, attempts, attempt_until, not_before, due_at, settled_at FROM inbox";
const LATER: Timestamp = Timestamp(1_790_000_777_000);

/// Two events of Ada's of one moment, the later id first; one of another customer, and one of another account.
fn events() -> World {
    let mut world = World::new();
    world.change("DELETE FROM inbox");
    world.change(
        "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, attempts, due_at)
         VALUES ('a', '1893471234567890001', '1893471234567891001', 'dm.message', '10', 5, 5, '{}', 'new', 2, 9),
           ('b', '1893471234567890001', '1893471234567891001', 'dm.message', '9', 5, 5, '{}', 'new', 2, 9),
           ('c', '1893471234567890001', '1893471234567891002', 'dm.message', '1', 1, 1, '{}', 'new', 2, 9),
           ('d', '1893471234567890002', '1893471234567891001', 'dm.message', '1', 1, 1, '{}', 'new', 2, 9)",
    );
    world
}

fn taken(world: &mut World) -> Option<String> {
    let now = world.now();
    let row: Option<inbox::Taken> = world.runs(inbox::take(&conversation(BRAND, ADA), now)).first().unwrap();
    row.map(|row| row.key)
}

#[test]
fn the_oldest_event_of_the_conversation_is_taken_and_counted_and_left_alone_for_a_while() {
    let mut world = events();
    let now = world.now();
    let expected = [
        "b attempt_until: 1790000020000".to_owned(),
        "b attempts: 3".to_owned(),
        format!("b due_at: {}", now.0 + 30_000 * 27),
    ];
    assert_eq!(world.changes(INBOX, inbox::take(&conversation(BRAND, ADA), now)), expected);
    assert_eq!(taken(&mut world), None, "somebody is at it");
    world.sleeps(Span::seconds(20));
    assert_eq!(taken(&mut world).as_deref(), Some("b"));
}

#[test]
fn an_event_is_not_taken_while_it_waits_or_its_conversation_does_or_without_an_account() {
    for (change, key) in [
        ("UPDATE inbox SET created_at = 6 WHERE key = 'b'", Some("a")),
        ("UPDATE inbox SET event_id = '8' WHERE key = 'a'", Some("a")),
        ("UPDATE inbox SET not_before = 9e15 WHERE key = 'b'", Some("a")),
        ("UPDATE inbox SET status = 'handled' WHERE key = 'b'", Some("a")),
        (
            "INSERT INTO timers (id, account_id, customer_id, token, body, due_at) VALUES ('t', '1893471234567890001', '1893471234567891001', '', '', 9e15)",
            None,
        ),
        (
            "INSERT INTO timers (id, account_id, customer_id, token, body, due_at) VALUES ('t', '1893471234567890001', '1893471234567891002', '', '', 9e15)",
            Some("b"),
        ),
        (
            "INSERT INTO timers (id, account_id, customer_id, token, body, due_at) VALUES ('t', '1893471234567890002', '1893471234567891001', '', '', 9e15)",
            Some("b"),
        ),
        ("UPDATE accounts SET id = '1893471234567890002'", None),
    ] {
        let mut world = events();
        world.change(change);
        assert_eq!(taken(&mut world).as_deref(), key, "{change}");
    }
}

#[test]
fn an_event_is_settled_once_and_alone() {
    let mut world = events();
    let expected = ["b outcome: \"answered\"", "b settled_at: 1790000777000", "b status: \"handled\""];
    assert_eq!(world.changes(INBOX, inbox::settle("b", "handled", "answered", LATER)), expected);
    let nothing = Vec::<String>::new();
    for late in [
        inbox::settle("b", "dead", "late", LATER + Span::seconds(1)),
        inbox::settle_if_turned("b", LATER + Span::seconds(1)),
        inbox::defer("b", LATER),
        inbox::give_back("b", LATER),
        inbox::revive("b", LATER),
    ] {
        world.change("INSERT OR IGNORE INTO turns (account_id, customer_id, number, cause, by, at) VALUES ('1', '2', 1, 'event:b', 'bot', 5)");
        assert_eq!(world.changes(INBOX, late), nothing);
    }
}

#[test]
fn an_attempt_that_was_none_is_given_back() {
    let mut world = events();
    taken(&mut world);
    let deferred = ["b attempt_until: 0", "b attempts: 2", "b due_at: 1790000777000", "b not_before: 1790000777000"];
    assert_eq!(world.changes(INBOX, inbox::defer("b", LATER)), deferred);
    let mut world = events();
    taken(&mut world);
    let given_back = ["b attempt_until: 0", "b attempts: 2", "b due_at: 1790000777000"];
    assert_eq!(world.changes(INBOX, inbox::give_back("b", LATER)), given_back);
    world.change("UPDATE inbox SET attempts = 0, attempt_until = 7");
    assert_eq!(world.changes(INBOX, inbox::give_back("b", LATER)), Vec::<String>::new(), "there is none");
}

#[test]
fn a_dead_event_begins_anew_and_no_other_does() {
    let mut world = events();
    world.change("UPDATE inbox SET status = 'dead', outcome = 'no', settled_at = 7, attempt_until = 7");
    let expected = [
        "b attempt_until: 0",
        "b attempts: 0",
        "b due_at: 1790000777000",
        "b outcome: null",
        "b settled_at: null",
        "b status: \"new\"",
    ];
    assert_eq!(world.changes(INBOX, inbox::revive("b", LATER)), expected);
}

#[test]
fn an_event_counts_as_answered_where_a_turn_has_it_as_its_cause() {
    for (turn, is_settled) in [
        (
            "INSERT INTO turns (account_id, customer_id, number, cause, by, at) VALUES ('1', '2', 1, 'event:b', 'bot', 5)",
            true,
        ),
        (
            "INSERT INTO turns (account_id, customer_id, number, cause, by, at) VALUES ('1', '2', 1, 'echo:b', 'human', 5)",
            true,
        ),
        (
            "INSERT INTO turns (account_id, customer_id, number, cause, by, at) VALUES ('1', '2', 1, 'event:a', 'bot', 5)",
            false,
        ),
    ] {
        let mut world = events();
        world.change(turn);
        let changes = world.changes(INBOX, inbox::settle_if_turned("b", LATER));
        let expected = ["b outcome: \"answered\"", "b settled_at: 1790000777000", "b status: \"handled\""];
        assert_eq!(changes, if is_settled { expected.as_slice() } else { &[] }, "{turn}");
    }
}

#[test]
fn what_is_past_due_is_put_off_the_longest_due_first() {
    let mut world = events();
    world.change("UPDATE inbox SET due_at = 10 WHERE key IN ('a', 'd')");
    world.change("UPDATE inbox SET due_at = 8, status = 'handled' WHERE key = 'c'");
    assert_eq!(world.changes(INBOX, inbox::take_due(Timestamp(8), LATER, 5)), Vec::<String>::new());
    assert_eq!(world.changes(INBOX, inbox::take_due(Timestamp(10), LATER, 1)), ["b due_at: 1790000777000"]);
    let rest = ["a due_at: 1790000777000", "d due_at: 1790000777000"];
    assert_eq!(world.changes(INBOX, inbox::take_due(Timestamp(10), LATER, 5)), rest);
}

#[test]
fn a_sample_that_led_to_nothing_goes_alone_and_nothing_else_does() {
    let mut world = events();
    assert_eq!(world.changes(INBOX, inbox::take_sample("b")), Vec::<String>::new());
    world.change("UPDATE inbox SET kind = 'unknown'");
    let gone = world.changes(INBOX, inbox::take_sample("b"));
    assert!(gone.len() == 8 && gone.iter().all(|cell| cell.starts_with("b ") && cell.ends_with("gone")), "{gone:?}");
}

#[test]
fn events_wait_for_an_account_that_is_not_ours_yet_and_are_due_when_it_connects() {
    let (id, nothing) = (conversation(BRAND, ADA), Vec::<String>::new());
    let mut world = events();
    assert_eq!(world.changes(INBOX, inbox::park_unknown(&id)), nothing, "it is ours");
    world.change("DELETE FROM accounts");
    world.change("UPDATE inbox SET status = 'handled' WHERE key = 'a'");
    assert_eq!(world.changes(INBOX, inbox::park_unknown(&id)), ["b due_at: null"]);
    world.change("UPDATE inbox SET due_at = NULL WHERE key <> 'c'");
    assert_eq!(world.changes(INBOX, inbox::unpark(&BRAND.into(), LATER)), ["b due_at: 1790000777000"]);
}

fn arrival(event_id: &str, is_own: bool, length: usize) -> inbox::Arrival {
    inbox::Arrival {
        key: event_id.to_owned(),
        account_id: BRAND.into(),
        customer_id: Some(ADA.into()),
        kind: "dm.message",
        event_id: event_id.to_owned(),
        created_at: Timestamp(5),
        received_at: Timestamp(6),
        raw: "x".repeat(length),
        status: "new",
        outcome: None,
        due_at: Some(LATER),
        settled_at: None,
        not_before: Timestamp(0),
        is_own,
    }
}

#[test]
fn an_item_is_written_down_once_however_large_it_is() {
    for length in [10, 1_000_001] {
        let mut world = World::new();
        world.change("DELETE FROM inbox");
        let insert = || inbox::insert(&[arrival("77", false, length)]).remove(0);
        let cells = world.changes(INBOX, insert());
        assert!(cells.contains(&"77 status: \"new\"".to_owned()), "{cells:?}");
        world.change("UPDATE inbox SET status = 'handled'");
        assert_eq!(world.changes(INBOX, insert()), Vec::<String>::new());
    }
}

#[test]
fn a_message_of_ours_is_handled_as_it_arrives_where_its_id_is_known() {
    for (event_id, is_own, status) in [("77", true, "handled"), ("77", false, "new"), ("78", true, "new")] {
        let mut world = World::new();
        world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change("UPDATE outbox SET x_id = '77', status = 'sent'");
        let cells = world.changes(INBOX, inbox::insert(&[arrival(event_id, is_own, 10)]).remove(0));
        assert!(cells.contains(&format!("{event_id} status: \"{status}\"")), "{cells:?}");
    }
    let mut world = World::new();
    world.owes("1893471234567890002", ADA, 1, Kind::Dm, "bot");
    world.change("UPDATE outbox SET x_id = '77', status = 'sent'");
    let cells = world.changes(INBOX, inbox::insert(&[arrival("77", true, 10)]).remove(0));
    assert!(cells.contains(&"77 status: \"new\"".to_owned()), "of another account: {cells:?}");
}
