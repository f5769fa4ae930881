//! What stands in the inbox already stays as it is, unless it could not be read and the same comes in a shape that can.

use perch::store::inbox::{self, Arrival};
use perch::store::statement::Statement;
use perch::x_api::time::Timestamp;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

const INBOX: &str = "SELECT key, customer_id, created_at, substr(raw, 1, 1) AS raw, status, outcome, due_at, settled_at, not_before FROM inbox";
/// A row of the first is written beside others, one of the second by a statement of its own.
const SIZES: [usize; 2] = [1, 1_000_001];

fn unreadable(size: usize) -> Arrival {
    Arrival {
        key: "k".to_owned(),
        account_id: BRAND.into(),
        customer_id: None,
        kind: "dm.message",
        event_id: "7".to_owned(),
        created_at: Timestamp(1),
        received_at: Timestamp(1),
        raw: "?".repeat(size),
        status: "set_aside",
        outcome: Some("unreadable"),
        due_at: None,
        settled_at: Some(Timestamp(1)),
        not_before: Timestamp(0),
        is_own: false,
    }
}

fn readable(size: usize) -> Arrival {
    Arrival {
        customer_id: Some(ADA.into()),
        created_at: Timestamp(5),
        raw: "!".repeat(size),
        status: "new",
        outcome: None,
        due_at: Some(Timestamp(6)),
        settled_at: None,
        not_before: Timestamp(4),
        ..unreadable(size)
    }
}

fn written(arrival: Arrival) -> Statement {
    inbox::insert(&[arrival]).remove(0)
}

#[test]
fn what_could_not_be_read_gives_way_whole_to_what_can() {
    for size in SIZES {
        let mut world = World::new();
        world.runs(written(unreadable(size)));
        let expected = [
            "k created_at: 5",
            &format!("k customer_id: {ADA:?}"),
            "k due_at: 6",
            "k not_before: 4",
            "k outcome: null",
            "k raw: \"!\"",
            "k settled_at: null",
            "k status: \"new\"",
        ];
        assert_eq!(world.changes(INBOX, written(readable(size))), expected, "{size}");
    }
}

#[test]
fn what_can_be_read_gives_way_to_nothing_and_neither_does_what_cannot_to_its_like() {
    for size in SIZES {
        let again = |arrival: Arrival| Arrival {
            customer_id: Some(BO.into()),
            created_at: Timestamp(9),
            raw: "*".repeat(size),
            due_at: Some(Timestamp(9)),
            ..arrival
        };
        for (first, second) in [
            (readable(size), unreadable(size)),
            (readable(size), again(readable(size))),
            (unreadable(size), again(unreadable(size))),
        ] {
            let mut world = World::new();
            world.runs(written(first));
            assert_eq!(world.changes(INBOX, written(second)), Vec::<String>::new(), "{size}");
        }
    }
}
