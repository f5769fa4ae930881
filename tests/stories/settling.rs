//! What settles a message settles that one alone, and only for the worker who has it: a late one undoes nothing.

use perch::store::outbox::{self, Kind, Lane, Sending};
use perch::store::statement::Statement;
use perch::x_api::time::Timestamp;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::store::{conversation, free};

const OUTBOX: &str = "SELECT id, status, claim, due_at, looks, x_id, sent_at, why, send_by, body FROM outbox";
const LATER: Timestamp = Timestamp(1_790_000_777_000);

type Settles = fn(&Sending) -> Statement;

/// What each of them changes of its row.
const ALL: &[(Settles, &[&str])] = &[
    (|row| outbox::posted_before(row, LATER), &["sent_at: 1790000777000", "status: \"sent\"", "why: null"]),
    (|row| outbox::failed(row, "{}"), &["status: \"failed\"", "why: \"{}\""]),
    (
        |row| outbox::owed_again(row, LATER, "{}"),
        &["claim: null", "due_at: 1790000777000", "status: \"owed\"", "why: \"{}\""],
    ),
    (
        |row| outbox::perhaps_posted(row, LATER, "{}"),
        &["claim: null", "due_at: 1790000777000", "looks: 1", "status: \"owed\"", "why: \"{}\""],
    ),
    (|row| outbox::not_found(row, LATER), &["due_at: 1790000777000", "looks: 1"]),
    (|row| outbox::look_again(row, LATER), &["due_at: 1790000777000"]),
];

/// Ada's and Bo's messages, both on their way by one name; an earlier refusal is noted with each.
fn two() -> (World, Sending) {
    let mut world = World::new();
    let now = world.now();
    let [_, row] = [BO, ADA].map(|customer| {
        world.owes(BRAND, customer, 1, Kind::Dm, "bot");
        let claim = outbox::claim(&conversation(BRAND, customer), "w", Lane::Messages, &free(), now);
        world.runs(claim).first::<Sending>().unwrap().unwrap()
    });
    world.change("UPDATE outbox SET why = '{\"said\":\"earlier\"}'");
    (world, row)
}

#[test]
fn each_settles_its_own_message_and_no_other() {
    for (settles, expected) in ALL {
        let (mut world, row) = two();
        let expected: Vec<String> = expected.iter().map(|change| format!("{} {change}", row.id)).collect();
        assert_eq!(world.changes(OUTBOX, settles(&row)), expected);
    }
    let (mut world, row) = two();
    let changes = world.changes(OUTBOX, outbox::doubtful(&row));
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(changes[0], format!("{} status: \"doubtful\"", row.id));
}

#[test]
fn a_worker_whose_claim_is_not_the_present_one_changes_nothing() {
    for settles in ALL.iter().map(|(settles, _)| *settles).chain([outbox::doubtful as Settles]) {
        let (mut world, mut row) = two();
        row.claim = Some("another".to_owned());
        assert_eq!(world.changes(OUTBOX, settles(&row)), Vec::<String>::new());
    }
}

#[test]
fn what_is_settled_stays_settled() {
    for settles in ALL.iter().map(|(settles, _)| *settles).chain([outbox::doubtful as Settles]) {
        for settled in ["UPDATE outbox SET status = 'failed'", "UPDATE outbox SET status = 'dropped', due_at = 5"] {
            let (mut world, row) = two();
            world.change(settled);
            assert_eq!(world.changes(OUTBOX, settles(&row)), Vec::<String>::new(), "{settled}");
        }
    }
}

#[test]
fn xs_id_of_a_message_is_written_once_and_what_was_believed_before_is_forgotten() {
    let (mut world, row) = two();
    world.change("UPDATE outbox SET status = 'doubtful'");
    let changes = world.changes(OUTBOX, outbox::sent(&row.id, "5", LATER));
    let expected = ["sent_at: 1790000777000", "status: \"sent\"", "why: null", "x_id: \"5\""];
    assert_eq!(changes, expected.map(|change| format!("{} {change}", row.id)));
    assert_eq!(world.changes(OUTBOX, outbox::sent(&row.id, "6", LATER)), Vec::<String>::new());
}

#[test]
fn what_a_person_does_without_is_what_failed_or_is_in_doubt_in_that_conversation() {
    for (change, is_dismissed) in [
        ("UPDATE outbox SET status = 'failed'", true),
        ("UPDATE outbox SET status = 'doubtful'", true),
        ("UPDATE outbox SET status = 'sent'", false),
        ("UPDATE outbox SET status = 'sending'", false),
    ] {
        let (mut world, row) = two();
        world.change(change);
        for (account, customer) in [("another", ADA), (BRAND, BO)] {
            let elsewhere = outbox::dismiss(&conversation(account, customer), &row.id);
            assert_eq!(world.changes(OUTBOX, elsewhere), Vec::<String>::new());
        }
        let expected = is_dismissed.then(|| format!("{} status: \"dropped\"", row.id));
        let changes = world.changes(OUTBOX, outbox::dismiss(&conversation(BRAND, ADA), &row.id));
        assert_eq!(changes, Vec::from_iter(expected), "{change}");
    }
}

#[test]
fn a_reason_that_is_no_json_keeps_no_message_back() {
    let (_, row) = two();
    let conversation = &row.conversation;
    let on_its_way = "UPDATE outbox SET why = 'no JSON', due_at = 5";
    for (change, statement) in [
        (on_its_way, outbox::claim(conversation, "w", Lane::Messages, &free(), LATER)),
        (on_its_way, outbox::join(&row, "[]", "{}").remove(2)),
        (on_its_way, outbox::open_in(conversation)),
        (on_its_way, outbox::unknown_of(&BRAND.into(), LATER)),
        ("UPDATE outbox SET why = 'no JSON', status = 'doubtful'", outbox::open_in(conversation)),
        ("UPDATE outbox SET why = 'no JSON', status = 'failed'", outbox::dismiss(conversation, &row.id)),
    ] {
        let (mut world, _) = two();
        world.change(change);
        let rows = world.runs(statement.clone()).0;
        assert!(rows.iter().any(|found| found["id"] == *row.id), "{}: {rows:?}", statement.sql);
    }
}
