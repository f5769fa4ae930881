//! What is looked for among the messages: each list has what it names, in its order, and nothing of others.

use perch::store::outbox::{self, Kind, lists};
use perch::store::statement::Statement;
use perch::store::{budgets, inbox};
use perch::x_api::time::Timestamp;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};
use crate::world::store::{conversation, limit};

const NOW: Timestamp = Timestamp(1_790_000_900_000);
const AS_IT_IS: &str = "SELECT 1";

/// Ada is owed a message; it is on its way where `change` says so.
fn finds(change: &'static str, statement: &Statement) -> usize {
    let mut world = World::new();
    world.change("UPDATE accounts SET held_until = 0");
    world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
    world.change("UPDATE outbox SET intent_at = 5, lease_until = 5");
    world.change(change);
    world.runs(statement.clone()).len()
}

/// It finds the message as the first change has it, and does not as any of the others has it.
fn only(found: &'static str, statement: &Statement, not: &[&'static str]) {
    assert_eq!(finds(found, statement), 1, "{found}");
    for change in not {
        assert_eq!(finds(change, statement), 0, "{change}");
    }
}

#[test]
fn what_is_open_is_what_is_on_its_way_or_in_doubt_in_the_conversation() {
    let open = outbox::open_in(&conversation(BRAND, ADA));
    let not = [
        AS_IT_IS,
        "UPDATE outbox SET status = 'sent'",
        "UPDATE outbox SET status = 'sending', kind = 'post'",
        "UPDATE outbox SET status = 'sending', account_id = 'a'",
        "UPDATE outbox SET status = 'sending', customer_id = 'c'",
        "UPDATE outbox SET status = 'doubtful', account_id = 'a'",
        "UPDATE outbox SET status = 'doubtful', customer_id = 'c'",
    ];
    only("UPDATE outbox SET status = 'sending'", &open, &not);
    only("UPDATE outbox SET status = 'doubtful'", &open, &[]);
}

#[test]
fn what_is_unknown_is_what_is_on_its_way_past_its_lease_the_first_to_be_sent_first() {
    let not = [
        AS_IT_IS,
        "UPDATE outbox SET status = 'sent'",
        "UPDATE outbox SET status = 'sending', kind = 'post'",
        "UPDATE outbox SET status = 'sending', due_at = 9e15",
    ];
    only("UPDATE outbox SET status = 'sending'", &outbox::unknown_of(&BRAND.into(), NOW), &not);
    only("UPDATE outbox SET status = 'sending'", &lists::accounts_in_doubt(NOW), &not);
    assert_eq!(
        finds("UPDATE outbox SET status = 'sending', account_id = 'a'", &outbox::unknown_of(&BRAND.into(), NOW)),
        0
    );
    let mut world = World::new();
    for (customer, turn) in [(ADA, 1), (BO, 2)] {
        world.owes(BRAND, customer, turn, Kind::Dm, "bot");
    }
    world.change("UPDATE outbox SET status = 'sending', lease_until = 5, intent_at = 10 - turn");
    let rows = world.runs(outbox::unknown_of(&BRAND.into(), NOW)).0;
    assert_eq!([&rows[0]["customer_id"], &rows[1]["customer_id"]], [BO, ADA]);
}

#[test]
fn where_very_many_are_unknown_the_account_that_has_waited_longest_is_among_those_looked_at() {
    let mut world = World::new();
    world.owes(SHOP, ADA, 1, Kind::Dm, "bot");
    world.change(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
         INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind)
         SELECT 'm' || i, '1893471234567890001', customer_id, i, 0, 'bot', body, send_by, created_at, due_at + i, 'dm' FROM n, outbox",
    );
    world.change("UPDATE outbox SET status = 'sending', lease_until = 5");
    let rows = world.runs(lists::accounts_in_doubt(NOW)).0;
    assert!(rows.iter().any(|row| row["id"] == SHOP), "{rows:?}");
}

#[test]
fn an_id_of_x_is_known_where_it_is_that_of_a_message_of_the_account() {
    let known = outbox::known_among(&BRAND.into(), r#"["7"]"#.to_owned());
    let not = ["UPDATE outbox SET x_id = '8'", "UPDATE outbox SET x_id = '7', account_id = 'a'", AS_IT_IS];
    only("UPDATE outbox SET x_id = '7'", &known, &not);
}

#[test]
fn what_people_said_is_on_its_way_until_it_is_settled() {
    let unsent = outbox::unsent_of_people(&conversation(BRAND, ADA));
    let not = [
        AS_IT_IS,
        "UPDATE outbox SET holder = 'ida', status = 'sent'",
        "UPDATE outbox SET holder = 'ida', kind = 'post'",
        "UPDATE outbox SET holder = 'ida', account_id = 'a'",
        "UPDATE outbox SET holder = 'ida', customer_id = 'c'",
    ];
    only("UPDATE outbox SET holder = 'ida'", &unsent, &not);
}

/// What stands before the message that is looked for, in its conversation.
const BEFORE: &str = "INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind, status)
  SELECT 'before', account_id, customer_id, 1, 0, 'bot', body, send_by, created_at, 9e15, kind, 'owed' FROM outbox";
const IN_PLACE: &str = "INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind, status)
  SELECT 'before', account_id, customer_id, turn, -1, 'bot', body, send_by, created_at, 9e15, kind, 'owed' FROM outbox";

#[test]
fn the_next_message_of_a_conversation_is_due_when_its_time_is_past_and_its_file_is_no_longer_on_its_way() {
    const FILE: &str = "UPDATE outbox SET media = 'f'";
    let wanted = |change: &'static str, statement: &Statement| {
        let mut world = World::new();
        world.change("UPDATE accounts SET held_until = 0");
        world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
        world.change(FILE);
        world.change(
            "INSERT INTO media (account_id, sha256, status, due_at) VALUES ('1893471234567890001', 'f', 'wanted', 0)",
        );
        world.change(change);
        world.runs(statement.clone()).len()
    };
    for list in [lists::due(NOW, 5), lists::owing(&BRAND.into(), NOW, 5)] {
        let not = [
            BEFORE,
            IN_PLACE,
            "UPDATE outbox SET status = 'sent'",
            "UPDATE outbox SET status = 'sending'",
            "UPDATE outbox SET due_at = 9e15",
        ];
        only(AS_IT_IS, &list, &not);
        for (change, found) in [
            (AS_IT_IS, 0),
            ("UPDATE media SET status = 'ready'", 1),
            ("UPDATE media SET account_id = 'a'", 1),
            ("UPDATE media SET sha256 = 'g'", 1),
        ] {
            assert_eq!(wanted(change, &list), found, "{change}");
        }
    }
    let not = [
        "UPDATE accounts SET status = 'signed_out'",
        "UPDATE accounts SET is_on = 0",
        "UPDATE accounts SET held_until = 1790000900000",
    ];
    only(AS_IT_IS, &lists::due(NOW, 5), &not);
    let mut world = World::new();
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
    world.change("UPDATE accounts SET held_until = 0, is_on = CASE id WHEN '1893471234567890001' THEN 0 ELSE 1 END");
    assert_eq!(world.runs(lists::due(NOW, 5)).len(), 0, "another account may send");
    assert_eq!(
        finds("UPDATE outbox SET status = 'sending', kind = 'post'", &lists::due(NOW, 5)),
        1,
        "its worker may be gone"
    );
    assert_eq!(finds("UPDATE outbox SET account_id = '1893471234567890002'", &lists::owing(&BRAND.into(), NOW, 5)), 0);
}

#[test]
fn only_what_is_unsettled_before_it_in_its_own_lane_and_conversation_keeps_a_message_back() {
    for list in [lists::due(NOW, 5), lists::owing(&BRAND.into(), NOW, 5)] {
        for change in [
            "UPDATE outbox SET status = 'sent' WHERE id = 'before'",
            "UPDATE outbox SET kind = 'post' WHERE id = 'before'",
            "UPDATE outbox SET turn = 3 WHERE id = 'before'",
            "UPDATE outbox SET turn = 3, place = -1 WHERE id = 'before'",
            "UPDATE outbox SET turn = 2, place = 1 WHERE id = 'before'",
            "UPDATE outbox SET customer_id = 'c' WHERE id = 'before'",
            "UPDATE outbox SET account_id = '1893471234567890002' WHERE id = 'before'",
        ] {
            let mut world = World::new();
            world.change("UPDATE accounts SET held_until = 0");
            let message = world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
            world.change(BEFORE);
            world.change(change);
            let rows = world.runs(list.clone());
            assert_eq!(rows.len(), 1, "{change}");
            assert!(message.contains(rows.0[0]["customer_id"].as_str().unwrap()));
        }
    }
}

#[test]
fn the_sweep_begins_with_the_longest_due_and_the_drain_with_people_then_the_oldest() {
    let mut world = World::new();
    world.change("UPDATE accounts SET held_until = 0");
    for (customer, turn) in [(ADA, 1), (BO, 2)] {
        world.owes(BRAND, customer, turn, Kind::Dm, "bot");
    }
    let first = |world: &mut World, list: Statement| world.runs(list).0[0]["customer_id"].as_str().unwrap().to_owned();
    world.change("UPDATE outbox SET due_at = 10 - turn");
    assert_eq!(first(&mut world, lists::due(NOW, 5)), BO);
    let owing = || lists::owing(&BRAND.into(), NOW, 5);
    world.change("UPDATE outbox SET created_at = 10 - turn");
    assert_eq!(first(&mut world, owing()), BO);
    world.change("UPDATE outbox SET created_at = 5, id = CASE turn WHEN 1 THEN 'b' ELSE 'a' END");
    assert_eq!(first(&mut world, owing()), BO, "by its id");
    world.change("UPDATE outbox SET holder = 'ida' WHERE turn = 1");
    assert_eq!(first(&mut world, owing()), ADA);
}

#[test]
fn a_spent_limit_is_told_with_its_end_where_a_message_waits_for_it() {
    let told = |change: &'static str| {
        let mut world = World::new();
        world.change("DELETE FROM budgets");
        world.change("INSERT INTO budgets SELECT id, speaks, 900000, NULL, 1, 1790000999000 FROM accounts");
        world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(change);
        let row = world.runs(budgets::spent_until(&BRAND.into(), &limit(1).limits, NOW)).0.remove(0);
        (row["until"].as_i64(), ["messages", "posts"].map(|lane| row[lane].as_i64().unwrap()))
    };
    let until = Some(1_790_000_999_000);
    let of_a_day = "INSERT INTO budgets SELECT id, speaks, 86400000, NULL, 1, 1790009999000 FROM accounts";
    assert_eq!(told(of_a_day), (until, [1, 0]), "no limit of a day is held against it");
    for (change, expected) in [
        (AS_IT_IS, (until, [1, 0])),
        ("UPDATE budgets SET used = 0", (None, [1, 0])),
        ("UPDATE budgets SET resets_at = 5", (None, [1, 0])),
        ("UPDATE outbox SET kind = 'post'", (None, [0, 1])),
        ("UPDATE outbox SET kind = 'post', due_at = 9e15", (None, [0, 0])),
        ("UPDATE outbox SET kind = 'post', status = 'sending'", (None, [0, 0])),
        ("UPDATE outbox SET kind = 'post', account_id = 'a'", (None, [0, 0])),
        ("UPDATE outbox SET kind = 'typing'", (None, [0, 0])),
        ("UPDATE outbox SET status = 'sending'", (None, [0, 0])),
        ("UPDATE outbox SET due_at = 9e15", (None, [0, 0])),
        ("UPDATE outbox SET account_id = 'a'", (None, [0, 0])),
    ] {
        assert_eq!(told(change), expected, "{change}");
    }
}

#[test]
fn the_last_of_the_spent_limits_is_waited_for_and_no_other_accounts() {
    let mut world = World::new();
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.change("DELETE FROM budgets");
    world.change("UPDATE accounts SET speaks = CASE id WHEN '1893471234567890001' THEN 'rich' ELSE 'plain' END");
    world.change(
        "INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, NULL, 1, 1790000999000),
         ('1893471234567890001', 'rich', 86400000, NULL, 1, 1790009999000), ('1893471234567890001', 'plain', 900000, NULL, 1, 1790099999000)",
    );
    world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    let quarter = limit(1).limits;
    let both = quarter.replace(']', ",") + &quarter.replace('[', "").replace("900000", "86400000");
    for (limits, until) in [(quarter, 1_790_000_999_000_i64), (both, 1_790_009_999_000)] {
        let row = world.runs(budgets::spent_until(&BRAND.into(), &limits, NOW)).0.remove(0);
        assert_eq!(row["until"], until);
    }
}

#[test]
fn a_message_of_the_account_itself_that_we_did_not_send_is_seen() {
    let own = inbox::own_since(&conversation(BRAND, ADA), Timestamp(4));
    let finds = |change: &'static str, owed: &'static str| {
        let mut world = World::new();
        world.change("DELETE FROM inbox");
        world.change(
            "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status)
             VALUES ('a', '1893471234567890001', '1893471234567891001', 'dm.message', '7', 5, 5,
               '{\"item\":{\"message_create\":{\"sender_id\":\"1893471234567890001\"}}}', 'new')",
        );
        world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(change);
        world.change(owed);
        world.runs(own.clone()).len()
    };
    assert_eq!(finds(AS_IT_IS, AS_IT_IS), 1);
    for change in [
        "UPDATE inbox SET account_id = 'a'",
        "UPDATE inbox SET customer_id = 'c'",
        "UPDATE inbox SET status = 'handled'",
        "UPDATE inbox SET created_at = 4",
        "UPDATE inbox SET kind = 'mention'",
        "UPDATE inbox SET raw = 'no'",
        "UPDATE inbox SET raw = '{\"item\":{\"message_create\":{\"sender_id\":\"1893471234567891001\"}}}'",
    ] {
        assert_eq!(finds(change, AS_IT_IS), 0, "{change}");
    }
    for (owed, found) in [
        ("UPDATE outbox SET x_id = '7', status = 'sent'", 0),
        ("UPDATE outbox SET x_id = '8', status = 'sent'", 1),
        ("UPDATE outbox SET x_id = '7', status = 'sent', account_id = 'a'", 1),
        ("UPDATE outbox SET status = 'sending'", 0),
        ("UPDATE outbox SET status = 'doubtful'", 0),
        ("UPDATE outbox SET status = 'sending', kind = 'post'", 1),
        ("UPDATE outbox SET status = 'sending', customer_id = 'c'", 1),
        ("UPDATE outbox SET status = 'sending', account_id = 'a'", 1),
        ("UPDATE outbox SET status = 'doubtful', customer_id = 'c'", 1),
        ("UPDATE outbox SET status = 'doubtful', account_id = 'a'", 1),
    ] {
        assert_eq!(finds(AS_IT_IS, owed), found, "{owed}");
    }
}
