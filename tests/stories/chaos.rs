//! Many messages, duplicates, races and several troubles at once: whatever the order, nobody is answered twice.

use perch::x_api::time::Span;
use proptest::prelude::*;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, message};
use crate::world::faults::{FAULTS, Fault};
use crate::world::scheduler::Order;

const TEXTS: [&str; 4] = ["hi", "hours", "help", "something else"];

/// Everything that was delivered is handled, every answer stands on X at most once, and in the order of the turns.
fn holds(world: &World, events: i64) -> Result<(), TestCaseError> {
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new'"), 0);
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM turns WHERE by = 'bot'"), events);
    prop_assert_eq!(
        world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status NOT IN ('sent', 'doubtful')"),
        0
    );
    for (customer, sql) in [
        (
            ADA,
            "SELECT x_id FROM outbox WHERE kind = 'dm' AND customer_id = '1893471234567891001' AND status = 'sent' ORDER BY turn, place",
        ),
        (
            BO,
            "SELECT x_id FROM outbox WHERE kind = 'dm' AND customer_id = '1893471234567891002' AND status = 'sent' ORDER BY turn, place",
        ),
    ] {
        let ours: Vec<String> = world.rows(sql).iter().map(|row| row["x_id"].as_str().unwrap().to_owned()).collect();
        let inner = world.inner.borrow();
        let on_x: Vec<String> = inner.x.said_to(BRAND, customer).iter().map(|event| event.id.clone()).collect();
        prop_assert_eq!(ours, on_x);
    }
    Ok(())
}

const SNOW: [&str; 5] = ["snow corrie", "help", "playlist", "snow nowhere", "back"];
const SCORES: [&str; 5] = ["t1 h1 s3", "t1 h1 s4", "correct t1 h1 s5", "standings", "t2 h3 s2"];

/// The same for bots that call, record and post: what was written is turned once, nothing waits for ever, and what the
/// tables say was said is what stands on X.
fn holds_for_bots(world: &World, events: i64) -> Result<(), TestCaseError> {
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new'"), 0);
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM timers"), 0);
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM turns WHERE cause LIKE 'event:%'"), events);
    prop_assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status IN ('owed', 'sending')"), 0);
    // Each event, or the result of the call that it led to, was answered with one message.
    let silent = "SELECT COUNT(*) FROM turns t WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'dm'
        AND (o.id LIKE t.cause || '/%' OR o.id LIKE 'call:' || t.cause || '/%'))";
    prop_assert_eq!(world.count(silent), 0);
    for (customer, sql) in [
        (
            ADA,
            "SELECT x_id FROM outbox WHERE kind = 'dm' AND customer_id = '1893471234567891001' AND status = 'sent' ORDER BY turn, place",
        ),
        (
            BO,
            "SELECT x_id FROM outbox WHERE kind = 'dm' AND customer_id = '1893471234567891002' AND status = 'sent' ORDER BY turn, place",
        ),
    ] {
        let ours: Vec<String> = world.rows(sql).iter().map(|row| row["x_id"].as_str().unwrap().to_owned()).collect();
        let inner = world.inner.borrow();
        let on_x: Vec<String> = inner.x.said_to(BRAND, customer).iter().map(|event| event.id.clone()).collect();
        prop_assert_eq!(ours, on_x);
    }
    let inner = world.inner.borrow();
    let posts: Vec<&str> = inner.x.posts().iter().map(|post| post.written.as_str()).collect();
    let mut once = posts.clone();
    once.sort_unstable();
    once.dedup();
    prop_assert_eq!(once.len(), posts.len(), "a post stands twice: {:?}", posts);
    Ok(())
}

fn fault() -> impl Strategy<Value = (usize, Fault)> {
    (0_usize..60, prop::sample::select(FAULTS.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_answered_twice_and_nothing_is_lost(
        seed in any::<u64>(),
        said in prop::collection::vec((any::<bool>(), 0_usize..4, 1_usize..4), 1..6),
        faults in prop::collection::vec(fault(), 0..4),
        delays in prop::collection::btree_map(0_usize..60, 1_i64..45, 0..3),
    ) {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.x_redelivers();
        let at = world.now().0;
        for (n, (is_ada, text, times)) in said.iter().enumerate() {
            let from = if *is_ada { ADA } else { BO };
            let created = at + i64::try_from(n).unwrap();
            let body = message(&format!("190000000000000000{n}"), created, from, BRAND, TEXTS[*text]);
            for _ in 0..*times {
                world.delivers(&body);
            }
        }
        world.inner.borrow_mut().faults.plan(faults);
        world.inner.borrow_mut().faults.delays = delays;
        world.passes(Span::hours(2));
        holds(&world, i64::try_from(said.len()).unwrap())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bots_that_call_record_and_post_answer_once_whatever_happens(
        seed in any::<u64>(),
        is_snow in any::<bool>(),
        said in prop::collection::vec((any::<bool>(), 0_usize..5, 1_usize..3), 1..6),
        faults in prop::collection::vec(fault(), 0..4),
        delays in prop::collection::btree_map(0_usize..60, 1_i64..45, 0..3),
    ) {
        let mut world = World::with_bot(if is_snow { "snow" } else { "leaderboard" });
        world.order(Order::Shuffled(seed));
        world.x_redelivers();
        let at = world.now().0;
        for (n, (is_ada, text, times)) in said.iter().enumerate() {
            let from = if *is_ada { ADA } else { BO };
            let text = if is_snow { SNOW[*text] } else { SCORES[*text] };
            let body = message(&format!("190000000000000000{n}"), at + i64::try_from(n).unwrap(), from, BRAND, text);
            for _ in 0..*times {
                world.delivers(&body);
            }
        }
        world.inner.borrow_mut().faults.plan(faults);
        world.inner.borrow_mut().faults.delays = delays;
        world.passes(Span::hours(2));
        holds_for_bots(&world, i64::try_from(said.len()).unwrap())?;
    }
}
