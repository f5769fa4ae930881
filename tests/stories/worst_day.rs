//! The worst day: X away for an hour, then the database, then the queue, then both; a webhook that X takes for invalid, access that the
//! account's owner takes back, a deploy in the middle of it all. Customers write all the while, and every word is counted at the end.

use std::collections::BTreeMap;

use perch::x_api::time::Span;
use perch_simulator::{Grant, Permission, Trouble};
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::faults::{Fault, Seam};

const ECHO: &str = r#"
version: 1
name: echo
start: echo
fallback: echo
nodes:
  echo: { say: "You said {{ text }}.", options: [{ label: Again, go: echo }] }
"#;

/// What begins in a minute of the day.
fn happens(world: &mut World, minute: i64) {
    let faults = |change: &dyn Fn(&mut crate::world::faults::Faults)| change(&mut world.inner.borrow_mut().faults);
    match minute {
        20 => faults(&|all| all.down(Seam::Send)),
        80 => faults(&|all| all.up(Seam::Send)),
        100 => faults(&|all| all.down(Seam::Sql)),
        112 => faults(&|all| all.down(Seam::Enqueue)),
        116 => faults(&|all| all.up(Seam::Sql)),
        130 => faults(&|all| all.up(Seam::Enqueue)),
        150 => world.misbehaves(Trouble::InvalidateWebhooks),
        180 => world.misbehaves(Trouble::Revoke { user: BRAND.to_owned() }),
        190 => signs_in_anew(world),
        // Whoever is at something dies, once and again.
        210 => faults(&|all| all.plan((0..40).step_by(3).map(|place| (place, Fault::DiesBefore)))),
        _ => {}
    }
}

fn signs_in_anew(world: &mut World) {
    world.inner.borrow_mut().x.grant(BRAND, Grant::new("new-token", "new-secret", Permission::ReadWriteDm));
    let (_, report) = world.api(
        "POST",
        "/api/accounts/connect",
        &json!({"access_token": "new-token", "access_token_secret": "new-secret"}),
    );
    assert_eq!(report["ok"], true, "{report:#}");
}

#[test]
fn after_the_worst_day_every_word_is_answered_once() {
    let mut world = World::new();
    world.applies(ECHO);
    world.x_redelivers();
    let mut words = Vec::new();
    for minute in 0..240 {
        happens(&mut world, minute);
        if minute % 2 == 0 {
            for customer in [ADA, BO] {
                let word = format!("word{:04}", words.len());
                world.writes(customer, &word);
                words.push((customer, word));
            }
        }
        world.passes(Span::minutes(1));
    }
    world.passes(Span::hours(3));
    let answers = |customer: &str, word: &str| {
        let said = world.sent_to(customer);
        said.iter().map(|said| said.matches(&format!("You said {word}.")).count()).sum::<usize>()
    };
    let doubtful = world.rows("SELECT body FROM outbox WHERE status = 'doubtful'");
    let in_doubt =
        |word: &str| doubtful.iter().any(|row| row["body"].as_str().unwrap().contains(&format!("You said {word}.")));
    let mut counted: BTreeMap<(usize, bool), Vec<&str>> = BTreeMap::new();
    for (customer, word) in &words {
        counted.entry((answers(customer, word), in_doubt(word))).or_default().push(word);
    }
    // Of what was being said when X or a worker went away nobody ever said whether X has it: a person decides.
    let in_doubt = counted.remove(&(0, true)).unwrap_or_default();
    assert!(in_doubt.len() <= 4, "{in_doubt:?}");
    let events = world.rows("SELECT status, outcome, COUNT(*) AS count FROM inbox GROUP BY status, outcome");
    assert_eq!(counted.keys().collect::<Vec<_>>(), [&(1, false)], "{counted:?}\n{events:?}");
    assert_eq!(counted[&(1, false)].len() + in_doubt.len(), words.len());
    assert_eq!(world.trouble()["messages"].as_array().map(Vec::len), Some(in_doubt.len()), "{}", world.trouble());
}
