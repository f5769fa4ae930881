//! Who may do what, route by route; and what is written down of it.

use bytes::Bytes;
use perch::web::routes::{Access, Path, ROUTES};
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BRAND};
use crate::world::people::browser;

/// What an agent who is no admin may call.
const OF_PEOPLE: &str = "
POST /api/media/missing
POST /api/media/part
GET /api/media/received
GET /api/media/sent
GET /api/me
POST /api/me/presence
POST /api/me/password, written down
GET /api/agents
GET /api/inbox
GET /api/inbox/search
GET /api/inbox/thread
GET /api/inbox/live
POST /api/inbox/say
GET /api/canned-answers
POST /api/canned-answers/save, written down
POST /api/canned-answers/delete, written down
POST /api/inbox/take
POST /api/inbox/release, written down
POST /api/inbox/close, written down
POST /api/inbox/assign, written down
POST /api/inbox/note
POST /api/inbox/read
POST /api/inbox/dismiss, written down
POST /api/inbox/resume, written down
POST /api/inbox/typing
GET /app
GET /app/
";

#[test]
fn what_people_may_call_is_this_and_nothing_else() {
    let named = |path: Path| match path {
        Path::Is(path) | Path::Below(path) => path,
        Path::Webhook => "the webhook",
    };
    let all = ROUTES.iter().filter_map(|route| {
        let more = match route.access {
            Access::People => "",
            Access::PeopleChange => ", written down",
            _ => return None,
        };
        Some(format!("{} {}{more}", route.method, named(route.path)))
    });
    assert_eq!(all.collect::<Vec<_>>(), OF_PEOPLE.trim().lines().collect::<Vec<_>>());
}

#[test]
fn what_is_for_admins_is_refused_to_an_agent_and_nothing_is_written() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let tables = world.inner.borrow().database.tables();
    let all = |world: &World| tables.iter().map(|table| world.inner.borrow().database.whole(table)).collect::<Vec<_>>();
    let (before, calls) = (all(&world), world.inner.borrow().x.requests().len());
    let mut refused = 0;
    for route in ROUTES.iter().filter(|route| matches!(route.access, Access::Admin | Access::Change)) {
        let Path::Is(path) = route.path else { panic!("{:?}", route.path) };
        let body = json!({"account": BRAND, "customer": ADA, "login": "ida", "role": "admin", "on": false, "id": "1"});
        let answer = world.asks(browser(route.method.clone(), path, Some(&ida.cookie), body.to_string().into()));
        assert_eq!(answer.status(), 403, "{} {path}", route.method);
        refused += 1;
    }
    assert!(refused > 50, "{refused}");
    assert!(all(&world) == before && world.inner.borrow().x.requests().len() == calls);
}

/// The audit's latest row: who, what, about whom.
fn latest(world: &World) -> (String, String, Value) {
    let row = world.rows("SELECT who, what, about FROM audit ORDER BY at DESC, id DESC LIMIT 1")[0].clone();
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("who"), text("what"), serde_json::from_str(&text("about")).unwrap())
}

#[test]
fn the_audit_says_whom_a_change_was_about_and_never_a_password() {
    let mut world = World::new();
    world.agent("eve", &json!({}));
    for (path, body, about) in [
        ("/api/agents/change", json!({"login": "eve", "role": "admin"}), json!({"login": "eve", "role": "admin"})),
        ("/api/agents/change", json!({"login": "eve", "password": true}), json!({"login": "eve", "password": true})),
        ("/api/agents/change", json!({"login": "eve", "password": "a secret of hers"}), json!({"login": "eve"})),
        ("/api/agents/remove", json!({"login": "eve"}), json!({"login": "eve"})),
        ("/api/accounts/retention", json!({"account": BRAND, "days": 60}), json!({"account": BRAND, "days": 60})),
        ("/api/agents/add", json!({"login": "max", "name": "M".repeat(600)}), json!({"login": "max"})),
    ] {
        world.sleeps(Span::seconds(1));
        world.api("POST", path, &body);
        assert_eq!(latest(&world), ("admin".to_owned(), path.to_owned(), about));
    }
    for taken in ["admin", "Invite"] {
        assert_eq!(world.api("POST", "/api/agents/add", &json!({"login": taken})).0, 400, "{taken}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM agents"), 0);
}

#[test]
fn what_an_agent_changes_for_others_stands_in_the_audit() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.agent("max", &json!({}));
    world.hears(ADA, "hi");
    let of_ada = |more: Value| {
        let mut body = json!({"account": BRAND, "customer": ADA});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (path, body, about) in [
        ("/api/canned-answers/save", json!({"name": "hours", "text": "Nine."}), json!({"name": "hours"})),
        ("/api/canned-answers/delete", json!({"name": "hours"}), json!({"name": "hours"})),
        ("/api/inbox/assign", of_ada(json!({"agent": "max"})), of_ada(json!({"agent": "max"}))),
        ("/api/inbox/release", of_ada(json!({})), of_ada(json!({}))),
        ("/api/inbox/close", of_ada(json!({})), of_ada(json!({}))),
        ("/api/inbox/dismiss", of_ada(json!({"message": "a/1"})), of_ada(json!({}))),
        ("/api/me/password", json!({"old": "a", "new": "a longer password"}), json!({})),
    ] {
        world.sleeps(Span::seconds(1));
        world.asks(browser(http::Method::POST, path, Some(&ida.cookie), Bytes::from(body.to_string())));
        assert_eq!(latest(&world), ("ida".to_owned(), path.to_owned(), about));
    }
    let rows = world.count("SELECT COUNT(*) FROM audit");
    let (status, _) = world.acts(&ida, "note", ADA, &json!({"text": "It stands in the conversation."}));
    assert_eq!(status, 200);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit"), rows);
}
