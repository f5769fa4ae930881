//! Each account in its own way beside another one; and what holds for all: challenges, changes, answers in public.

use http::Method;
use perch::web::routes::{Access, Path, ROUTES};
use perch::x_api::time::Span;
use perch_simulator::{Trouble, V1};
use serde_json::{Value, json};

use crate::health::{health, problem, validation_fails};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP, secret, token};
use crate::world::dialects::is_v2;
use crate::world::people::{Agent, browser};

/// Says one thing, offers one way on, and says another.
fn script(greeting: &str, label: &str, answer: &str) -> Value {
    let nodes = json!({
        "a": {"say": greeting, "options": [{"label": label, "go": "b"}]},
        "b": {"say": answer, "options": [{"label": "Back", "go": "a"}]},
    });
    json!({"version": 1, "name": "own", "start": "a", "fallback": "a", "nodes": nodes})
}

/// The brand speaks rich and the shop plain, in whichever world the stories run; each follows a script of its own.
fn two() -> World {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().v1 = V1::Open;
    for (account, speaks, script) in [
        (BRAND, "rich", script("Furni here.", "Sofas", "Soft ones.")),
        (SHOP, "plain", script("Shop here.", "Bread", "Warm loaves.")),
    ] {
        assert_eq!(world.connects(account)["ok"], true);
        let (status, chosen) = world.api("POST", "/api/accounts/speak", &json!({"account": account, "speaks": speaks}));
        assert_eq!((status, &chosen["speaks"], &chosen["speaks_by"]), (200, &json!(speaks), &json!("hand")));
        let (status, applied) = world.api("POST", "/api/scripts/apply", &json!({"account": account, "script": script}));
        assert_eq!((status, &applied["ok"]), (200, &json!(true)), "{applied:#}");
    }
    world.drive();
    // What is billed from here on: connecting may have read something.
    world.change("DELETE FROM costs");
    world
}

/// What the account said last to this customer, as it was written, with what can be tapped in brackets.
fn last(world: &World, account: &str, customer: &str) -> String {
    let inner = world.inner.borrow();
    let event = inner.x.said_to(account, customer).pop().unwrap();
    let taps = event.options.iter().map(|option| format!(" [{}]", option.label));
    format!("{}{}", event.written, taps.collect::<String>())
}

/// How many of these X bills the account for today.
fn billed(world: &mut World, account: &str, what: &str) -> i64 {
    let (status, costs) = world.api("GET", &format!("/api/costs?account={account}&days=1"), &Value::Null);
    assert_eq!(status, 200, "{costs:#}");
    let rows = costs["costs"].as_array().unwrap();
    rows.iter().filter(|row| row["what"] == what).map(|row| row["count"].as_i64().unwrap()).sum()
}

#[test]
fn a_customer_of_two_accounts_gets_each_ones_own_words_in_its_own_dialect() {
    let mut world = two();
    world.writes_to(BRAND, ADA, "hi");
    world.writes_to(SHOP, ADA, "hi");
    world.drive();
    assert_eq!(last(&world, BRAND, ADA), "Furni here. [Sofas]");
    assert_eq!(last(&world, SHOP, ADA), "Shop here.\n\n1. Bread");
    let (now, prompt) = (world.now().0.unsigned_abs(), world.inner.borrow().x.said_to(BRAND, ADA)[0].id.clone());
    world.inner.borrow_mut().x.customer_taps(now, ADA, BRAND, &prompt, 0).unwrap();
    world.writes_to(SHOP, ADA, "1");
    world.writes_to(SHOP, BO, "hi");
    world.drive();
    assert_eq!(last(&world, BRAND, ADA), "Soft ones. [Back]");
    assert_eq!(last(&world, SHOP, ADA), "Warm loaves.\n\n1. Back");
    assert_eq!(last(&world, SHOP, BO), "Shop here.\n\n1. Bread");
    for (account, count) in [(BRAND, 2), (SHOP, 3)] {
        let of_today = ["dm.received", "dm.sent"].map(|what| billed(&mut world, account, what));
        assert_eq!(of_today, [count, count], "{account}");
    }
}

#[test]
fn each_account_hands_over_as_it_was_told_to() {
    let mut world = two();
    let ida = world.agent("ida", &json!({}));
    let settings = json!({"notices": {"joined": "{{ agent.name }} of the shop is here."}});
    let (status, set) = world.api("POST", "/api/accounts/handoff", &json!({"account": SHOP, "settings": settings}));
    assert_eq!(status, 200, "{set:#}");
    for (account, joined) in [(BRAND, "You are now talking to Ida."), (SHOP, "Ida of the shop is here.")] {
        world.writes_to(account, ADA, "hi");
        world.drive();
        let of_ada = json!({"account": account, "customer": ADA});
        assert_eq!(world.does(&ida, "POST", "/api/inbox/take", &of_ada).0, 200);
        world.drive();
        assert_eq!(last(&world, account, ADA), joined);
    }
}

#[test]
fn what_one_account_has_cost_today_holds_back_no_other() {
    let mut world = two();
    world.set("DAILY_CAP_USD", "0.04"); // two received and one sent, and no more
    let said = [(SHOP, ADA), (SHOP, BO), (BRAND, BO)].map(|(account, customer)| {
        world.writes_to(account, customer, "hi");
        world.drive();
        world.sent_between(account, customer).len()
    });
    assert_eq!(said, [1, 0, 1]);
}

fn webhook(world: &World) -> String {
    world.inner.borrow().x.webhooks()[0].id.clone()
}

/// A challenge out of turn, as X sends them day and night.
fn x_challenges(world: &mut World) {
    let (now, id) = (world.now().0.unsigned_abs(), webhook(world));
    let challenge = world.inner.borrow_mut().x.challenge(now, &id).unwrap();
    let answer = world.asks(challenge.request());
    let judged = world.inner.borrow_mut().x.challenged(now, challenge, Some(&answer));
    assert!(judged.status().is_success(), "{judged:?}");
}

/// What the problem says is to be done.
fn an_admin_has_x_challenge(world: &mut World) {
    let id = json!({"id": webhook(world)});
    assert_eq!(world.api("POST", "/api/webhooks/validate", &id).0, 200);
}

#[test]
fn that_x_has_not_challenged_for_more_than_a_day_is_a_problem_until_it_does() {
    for challenges in [x_challenges as fn(&mut World), an_admin_has_x_challenge] {
        let mut world = World::new();
        world.passes(Span::hours(25));
        assert_eq!(problem(&health(&mut world), "crc"), Value::Null);
        world.passes(Span::hours(2));
        assert_eq!(world.gets("/webhook?crc_token=anybody").status(), 200);
        world.drive();
        let told = problem(&health(&mut world), "crc").to_string();
        assert!(told.contains("26 hours") && told.contains("webhooks validate"), "X did not sign that one: {told}");
        challenges(&mut world);
        world.drive();
        assert_eq!(problem(&health(&mut world), "crc"), Value::Null);
    }
}

#[test]
fn while_x_cannot_validate_the_webhook_it_is_asked_to_ever_more_rarely() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    let id = webhook(&world);
    let path = if is_v2() { format!("/2/webhooks/{id}") } else { format!("/1.1/account_activity/webhooks/{id}.json") };
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::hours(6));
    let asked = world.calls_to(&path);
    assert!((6..=12).contains(&asked), "{asked} times in six hours");
    assert_ne!(problem(&health(&mut world), "webhook:"), Value::Null);
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(66));
    assert!(world.inner.borrow().x.webhooks()[0].valid, "and it is not given up");
}

/// The routes that change something, and for whom they are.
fn changes() -> Vec<(&'static str, Access)> {
    let all = ROUTES.iter().filter(|route| matches!(route.access, Access::Change | Access::PeopleChange));
    let named = all.map(|route| {
        let Path::Is(path) = route.path else { panic!("{:?}", route.path) };
        (path, route.access)
    });
    named.collect()
}

/// Those of one product or one dialect alone: see activity.rs and publishing.rs.
const ELSEWHERE: [&str; 4] = ["/api/activity/add", "/api/activity/update", "/api/activity/delete", "/api/on-x/delete"];

/// The others, each to be taken after the one before; with X's webhook, a message of Ada's, and the caller's password.
fn one_of_each(webhook: &str, message: &str, password: &str) -> Vec<(&'static str, Value)> {
    let of_ada = json!({"account": BRAND, "customer": ADA});
    vec![
        ("/api/webhooks/validate", json!({"id": webhook})),
        ("/api/webhooks/delete", json!({"id": webhook})),
        ("/api/webhooks/register", json!({})),
        ("/api/webhooks/move", json!({"url": "https://new.example/webhook"})),
        ("/api/accounts/connect", json!({"access_token": token(SHOP), "access_token_secret": secret(SHOP)})),
        ("/api/subscriptions/delete", json!({"account": BRAND})),
        ("/api/subscriptions/add", json!({"account": BRAND})),
        ("/api/invites", json!({})),
        ("/api/accounts/switch", json!({"account": SHOP, "on": true})),
        ("/api/accounts/own", json!({"account": SHOP, "answers": false})),
        ("/api/accounts/speak", json!({"account": BRAND, "speaks": "auto"})),
        ("/api/accounts/retention", json!({"account": BRAND, "days": 60})),
        ("/api/accounts/handoff", json!({"account": SHOP, "settings": {"offer_seconds": 20}})),
        ("/api/accounts/reseal", json!({})),
        ("/api/replays", json!({"from": "2026-09-21T13:00:00Z", "to": "2026-09-21T14:00:00Z"})),
        ("/api/posts", json!({"account": BRAND, "text": "Open until nine."})),
        ("/api/scripts/apply", json!({"account": BRAND, "script": script("Furni here.", "Sofas", "Soft ones.")})),
        ("/api/scripts/rollback", json!({"account": BRAND, "version": 1})),
        ("/api/dm/send", json!({"account": BRAND, "customer": ADA, "text": "We are open."})),
        ("/api/dm/delete", json!({"account": BRAND, "id": message})),
        ("/api/events/retry", json!({"key": "a:dm.message:1"})),
        ("/api/dead-letters/retry", json!({"id": "1"})),
        ("/api/dead-letters/drop", json!({"id": "2"})),
        ("/api/customers/forget", json!({"account": BRAND, "customer": BO})),
        ("/api/agents/add", json!({"login": "eve"})),
        ("/api/agents/change", json!({"login": "eve", "name": "Eve"})),
        ("/api/agents/remove", json!({"login": "eve"})),
        ("/api/canned-answers/save", json!({"name": "hours", "text": "Nine to five."})),
        ("/api/canned-answers/delete", json!({"name": "hours"})),
        ("/api/inbox/assign", json!({"account": BRAND, "customer": ADA, "agent": "max"})),
        ("/api/inbox/release", of_ada.clone()),
        ("/api/inbox/close", of_ada.clone()),
        ("/api/inbox/dismiss", json!({"account": BRAND, "customer": ADA, "message": "a/1"})),
        ("/api/inbox/resume", of_ada),
        ("/api/accounts/disconnect", json!({"account": SHOP})),
        ("/api/me/password", json!({"old": password, "new": "a longer password"})),
    ]
}

fn audit(world: &World) -> Vec<Value> {
    world.rows("SELECT who, what, status FROM audit ORDER BY at, id")
}

#[test]
fn each_change_adds_one_row_to_the_audit_that_names_it() {
    let mut world = World::new();
    let message = world.writes(ADA, "hi");
    world.drive();
    world.agent("max", &json!({}));
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida", "name": "Ida", "role": "admin"}));
    let password = made["password"].as_str().unwrap();
    let ida = Agent { login: "ida".to_owned(), cookie: world.logs_in("ida", password).unwrap() };
    world.change(
        r#"INSERT INTO dead_letters (id, queue, body, why, at)
           VALUES ('1', 'work', '{"job":"challenged.v1","at":5}', 'lost', 1), ('2', 'work', '{}', 'lost', 1)"#,
    );
    world.change(
        "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status)
         VALUES ('a:dm.message:1', 'a', 'b', 'dm.message', '1', 1, 1, '{}', 'dead')",
    );
    let calls = one_of_each(&webhook(&world), &message, password);
    for (path, body) in &calls {
        let mut rows = audit(&world);
        let (status, answer) = world.does(&ida, "POST", path, body);
        assert!(matches!(status, 200 | 202), "{path} {status}: {answer:#}");
        rows.push(json!({"who": "ida", "what": path, "status": status}));
        assert_eq!(audit(&world), rows, "{path}");
    }
    let mut called: Vec<&str> = calls.iter().map(|(path, _)| *path).chain(ELSEWHERE).collect();
    let mut all: Vec<&str> = changes().into_iter().map(|(path, _)| path).collect();
    called.sort_unstable();
    all.sort_unstable();
    assert_eq!(called, all, "no route is left out");
}

#[test]
fn whoever_may_not_change_something_adds_nothing_to_the_audit_and_a_try_is_told_with_its_status() {
    let mut world = World::new();
    let max = world.agent("max", &json!({}));
    let mut rows = audit(&world);
    for (path, access) in changes() {
        // A stranger is told to wait after thirty tries in a minute.
        world.sleeps(Span::seconds(3));
        assert_eq!(world.asks(browser(Method::POST, path, None, "{}".into())).status(), 401, "{path}");
        if access == Access::Change {
            assert_eq!(world.does(&max, "POST", path, &json!({})).0, 403, "{path}");
        }
    }
    assert_eq!(audit(&world), rows);
    assert_eq!(world.api("POST", "/api/accounts/switch", &json!({})).0, 400, "it says neither on nor off");
    rows.push(json!({"who": "admin", "what": "/api/accounts/switch", "status": 400}));
    assert_eq!(audit(&world), rows);
}

#[test]
fn a_post_in_answer_to_another_names_it_and_is_billed_as_a_reply() {
    let mut world = World::new();
    let now = world.now().0.unsigned_abs();
    let asked = world.inner.borrow_mut().x.customer_mentions(now, ADA, BRAND, "@furni until when are you open?");
    world.drive();
    for (text, reply_to, status) in [
        ("Until nine.", Some(asked.as_str()), 200),
        ("We are open until nine.", None, 200),
        ("Until nine: https://example.com/hours", Some(asked.as_str()), 200),
        ("Nobody asked.", Some("1893471234567899999"), 502),
    ] {
        let (answered, posted) = world.api("POST", "/api/posts", &json!({"text": text, "reply_to": reply_to}));
        assert_eq!(answered, status, "{text}: {posted:#}");
        let inner = world.inner.borrow();
        let found = inner.x.posts().iter().find(|post| post.author == BRAND && post.written == text);
        assert_eq!(found.is_some(), status == 200, "{text}");
        if let Some(post) = found {
            assert_eq!((&json!(post.id), post.in_reply_to.as_deref()), (&posted["id"], reply_to), "{text}");
        }
    }
    let of_today = ["post.reply", "post", "post.with_url"].map(|what| billed(&mut world, "furni", what));
    assert_eq!(of_today, [1, 1, 1], "what X refused costs nothing");
}
