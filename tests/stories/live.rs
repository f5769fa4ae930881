//! An open inbox: told of what changes, once, for as long as whoever opened it is logged in.

use std::cell::RefCell;
use std::rc::Rc;

use http::Method;
use perch::flows::live::Live;
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::people::{Agent, browser};

impl World {
    /// The agent opens the inbox, with this customer's conversation or none.
    fn opens(&mut self, agent: &Agent, customer: Option<&str>) -> Live {
        let which = customer.map(|customer| format!("?account={BRAND}&customer={customer}")).unwrap_or_default();
        let request =
            browser(Method::GET, &format!("/api/inbox/live{which}"), Some(&agent.cookie), bytes::Bytes::new());
        assert_eq!(self.asks(request).status(), 200);
        self.inner.borrow_mut().opened.take().unwrap()
    }

    /// The names of the events of one look, and their data; `None`: they are logged in no more.
    fn is_told(&mut self, mut live: Live) -> (Live, Option<Vec<(&'static str, Value)>>) {
        let seen = Rc::new(RefCell::new(None));
        let into = Rc::clone(&seen);
        let task = self.task(|edge| async move {
            let told = live.look(&edge).await.unwrap();
            *into.borrow_mut() = Some((live, told));
        });
        self.run(vec![task], false);
        seen.take().unwrap()
    }
}

fn names(told: Option<&Vec<(&'static str, Value)>>) -> Vec<&'static str> {
    told.unwrap().iter().map(|(name, _)| *name).collect()
}

#[test]
fn what_changes_is_told_once_and_what_does_not_change_never() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let live = world.opens(&ida, Some(ADA));
    let (live, first) = world.is_told(live);
    assert_eq!(names(first.as_ref()), ["conversation", "mine", "waiting", "thread"]);
    world.sleeps(Span::seconds(1));
    let (live, nothing) = world.is_told(live);
    assert_eq!(nothing, Some(Vec::new()));
    world.hears(BO, "hello");
    let (live, other) = world.is_told(live);
    // With the open one comes what is left of the account's limits.
    assert_eq!(names(other.as_ref()), ["conversation", "thread"]);
    assert_eq!(other.unwrap()[0].1["customer_id"], BO);
    world.hears(ADA, "hours");
    let (live, both) = world.is_told(live);
    assert_eq!(names(both.as_ref()), ["conversation", "thread"]);
    assert!(both.unwrap()[1].1["entries"].to_string().contains("hours"));
    assert_eq!(world.acts(&ida, "take", ADA, &json!({})).0, 200);
    let (live, taken) = world.is_told(live);
    assert_eq!(names(taken.as_ref()), ["conversation", "mine", "thread"]);
    world.sleeps(Span::minutes(1));
    assert_eq!(world.is_told(live).1, Some(Vec::new()), "a minute later nothing is new");
}

#[test]
fn whoever_is_out_is_told_no_more() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    for ends in ["log-out", "password", "removed", "a week"] {
        let max = world.agent("max", &json!({}));
        let (here, gone) = (world.opens(&ida, None), world.opens(&max, None));
        let (here, gone) = (world.is_told(here), world.is_told(gone));
        assert!(here.1.is_some() && gone.1.is_some());
        let remove = |world: &mut World| {
            assert_eq!(world.api("POST", "/api/agents/remove", &json!({"login": "max"})).0, 200);
        };
        match ends {
            "log-out" => {
                drop(world.asks(browser(Method::POST, "/log-out", Some(&max.cookie), bytes::Bytes::new())));
            }
            "password" => {
                assert_eq!(world.api("POST", "/api/agents/change", &json!({"login": "max", "password": true})).0, 200);
            }
            "removed" => remove(&mut world),
            _ => world.sleeps(Span::days(8)),
        }
        assert_eq!(world.is_told(here.0).1.is_some(), ends != "a week", "{ends}: nobody else is out");
        world.hears(ADA, "hi");
        assert_eq!(world.is_told(gone.0).1, None, "{ends}");
        if ends != "removed" {
            remove(&mut world);
        }
    }
}
