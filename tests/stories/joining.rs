//! Messages that go out as one: all of them or none, and only while the first is with the worker who joins them.

use perch::store::outbox::{self, Kind, Lane, Sending};
use perch::store::statement::Statement;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::store::{conversation, free};

const OUTBOX: &str = "SELECT id, status, body, why FROM outbox";

/// Ada's first message is on its way; her second and third are owed, and so are Bo's.
fn three() -> (World, Sending, String) {
    let mut world = World::new();
    for (customer, turn) in [(ADA, 1), (ADA, 2), (ADA, 3), (BO, 1), (BO, 2)] {
        world.owes(BRAND, customer, turn, Kind::Dm, "bot");
    }
    let now = world.now();
    let [row, _] = [ADA, BO].map(|customer| {
        let claim = outbox::claim(&conversation(BRAND, customer), "w", Lane::Messages, &free(), now);
        world.runs(claim).first::<Sending>().unwrap().unwrap()
    });
    let ids = format!(r#"["{BRAND}:{ADA}:2/0","{BRAND}:{ADA}:3/0"]"#);
    (world, row, ids)
}

/// What the whole batch changes, and how many rows it gives back at its end.
fn joins(world: &mut World, row: &Sending, ids: &str) -> (Vec<String>, usize) {
    let mut batch = outbox::join(row, ids, "both").into_iter();
    let (first, others, stands): (Statement, Statement, Statement) =
        (batch.next().unwrap(), batch.next().unwrap(), batch.next().unwrap());
    let mut changes = world.changes(OUTBOX, first);
    changes.extend(world.changes(OUTBOX, others));
    (changes, world.runs(stands).len())
}

#[test]
fn the_first_says_what_all_of_them_say_and_the_others_name_it() {
    let (mut world, row, ids) = three();
    let (changes, stands) = joins(&mut world, &row, &ids);
    let why = |id: &str| {
        format!(r#"{id} why: "{{\"said\":\"It went out with another message.\",\"message\":\"{}\"}}""#, row.id)
    };
    let other = |turn: i64| format!("{BRAND}:{ADA}:{turn}/0");
    let expected = [
        format!("{} body: \"both\"", row.id),
        format!("{} status: \"joined\"", other(2)),
        why(&other(2)),
        format!("{} status: \"joined\"", other(3)),
        why(&other(3)),
    ];
    assert_eq!((changes, stands), (expected.to_vec(), 1));
}

#[test]
fn none_is_joined_where_one_of_them_is_owed_no_more() {
    for change in [
        "UPDATE outbox SET status = 'dropped' WHERE turn = 3 AND customer_id = '1893471234567891001'",
        "UPDATE outbox SET id = 'gone' WHERE turn = 3 AND customer_id = '1893471234567891001'",
    ] {
        let (mut world, row, ids) = three();
        world.change(change);
        assert_eq!(joins(&mut world, &row, &ids), (Vec::new(), 1), "{change}");
    }
}

#[test]
fn none_is_joined_to_a_message_that_somebody_else_has_or_that_is_settled() {
    for change in [
        "UPDATE outbox SET claim = 'another'",
        "UPDATE outbox SET status = 'sent' WHERE turn = 1",
        "UPDATE outbox SET id = 'another' WHERE turn = 1 AND customer_id = '1893471234567891001'",
    ] {
        let (mut world, row, ids) = three();
        world.change(change);
        assert_eq!(joins(&mut world, &row, &ids), (Vec::new(), 0), "{change}");
        // Not even where it says by chance what they would say together.
        let (mut world, row, ids) = three();
        world.change("UPDATE outbox SET body = 'both' WHERE turn = 1");
        world.change(change);
        assert_eq!(joins(&mut world, &row, &ids), (Vec::new(), 0), "{change}");
    }
}

#[test]
fn what_was_dropped_meanwhile_does_not_become_joined() {
    let (mut world, row, ids) = three();
    world.change("UPDATE outbox SET body = 'both' WHERE turn = 1");
    world.change("UPDATE outbox SET status = 'dropped' WHERE turn > 1");
    assert_eq!(joins(&mut world, &row, &ids), (Vec::new(), 1));
}

#[test]
fn what_is_next_to_a_message_are_the_messages_of_its_conversation_in_order() {
    let (mut world, row, _) = three();
    world.owes(BRAND, ADA, 4, Kind::Post, "bot");
    world.change("UPDATE outbox SET place = 4 - turn WHERE turn < 4");
    world.change("UPDATE outbox SET status = 'sent' WHERE turn = 3 AND customer_id = '1893471234567891002'");
    world.owes("another", ADA, 1, Kind::Dm, "bot");
    let next = |world: &mut World| -> Vec<String> {
        let rows = world.runs(outbox::next_to(&row)).0;
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let other = |turn: i64| format!("{BRAND}:{ADA}:{turn}/0");
    assert_eq!(next(&mut world), [other(2), other(3)]);
    world.change("UPDATE outbox SET turn = 2 WHERE turn = 3");
    assert_eq!(next(&mut world), [other(3), other(2)], "by their place in the turn");
    world.change("UPDATE outbox SET status = 'sent' WHERE turn = 2");
    assert_eq!(next(&mut world), Vec::<String>::new());
}
