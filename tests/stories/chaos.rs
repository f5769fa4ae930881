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
