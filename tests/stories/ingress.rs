//! X's challenge and deliveries at the door: the twelve cases that every receiver must pass, and what the queue does.

use bytes::Bytes;
use perch::config::Config;
use perch::web::most_read;
use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, HOST, item, message, post, sign};
use crate::world::faults::Seam;

fn token_of(world: &mut World, token: &str) -> (u16, String) {
    let response = world.gets(&format!("/webhook?crc_token={token}&nonce=abc"));
    (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned())
}

#[test]
fn the_twelve_cases() {
    let mut world = World::new();
    let at = world.now().0;
    let body = message("1900000000000000001", at, ADA, BRAND, "hi");
    let good = sign(body.as_bytes());

    let (status, answer) = token_of(&mut world, "foo");
    assert_eq!(status, 200);
    assert!(answer.starts_with(r#"{"response_token":"sha256="#), "{answer}");
    assert_eq!(world.gets("/webhook").status(), 400, "no token");
    assert_eq!(world.posts(Some(&good), body.clone()).status(), 200, "signed");
    assert_eq!(world.posts(Some(&good), body.clone()).status(), 200, "again");
    assert_eq!(world.posts(None, body.clone()).status(), 401, "not signed");
    let wrong = sign(b"something else");
    assert_eq!(world.posts(Some(&wrong), body.clone()).status(), 401, "wrong signature");
    assert_eq!(world.posts(Some("sha256=AAAA"), body.clone()).status(), 401, "of another length");

    // A forged event whose "signature" is to come from our own answer to a challenge.
    let forged = r#"{"for_user_id":"1"}"#;
    let (status, answer) = token_of(&mut world, "%7B%22for_user_id%22%3A%221%22%7D");
    assert_eq!(status, 400, "{answer}");
    assert!(!answer.contains("sha256="));
    assert_eq!(world.posts(Some(&answer), forged).status(), 401);

    let emoji = message("1900000000000000002", at + 1, ADA, BRAND, "good morning ☀️");
    assert_eq!(world.delivers(&emoji).status(), 200);
    let mut with_charset = post(Some(&good), body.clone());
    with_charset.headers_mut().insert("content-type", "application/json; charset=utf-8".parse().unwrap());
    assert_eq!(world.asks(with_charset).status(), 200);
    assert_eq!(world.posts(None, "{broken").status(), 401, "broken and not signed");
    assert_eq!(token_of(&mut world, "foo").0, 200, "the challenge is still answered");

    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2);
}

#[test]
fn the_challenge_needs_one_secret_and_nothing_else() {
    let mut world = World::empty();
    world.inner.borrow_mut().settings.clear();
    assert_eq!(token_of(&mut world, "foo").0, 503, "and says which secret");
    world.set("X_CONSUMER_SECRET", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw");
    let seams = world.inner.borrow().faults.passed();
    let (status, answer) = token_of(&mut world, "foo");
    assert_eq!(
        (status, answer.as_str()),
        (200, r#"{"response_token":"sha256=KGwPHQJPaVoxk5RWMCZXvu7ppQqe20ugPzzV9ed1O3o="}"#)
    );
    assert_eq!(world.inner.borrow().faults.passed(), seams, "no binding was touched");
    world.set("X_CRC_SECRET", "another");
    assert_ne!(token_of(&mut world, "foo").1, answer, "X_CRC_SECRET goes first");
}

#[test]
fn a_token_is_decoded_once() {
    let mut world = World::new();
    let plain = token_of(&mut world, "a%2Bb");
    assert_ne!(plain, token_of(&mut world, "a+b"), "a plus sign is a space");
    assert_eq!(plain, token_of(&mut world, "%61%2B%62"));
    assert_eq!(token_of(&mut world, "%0A").0, 400);
    assert_eq!(token_of(&mut world, &"a".repeat(1025)).0, 400);
}

#[test]
fn a_signed_delivery_is_queued_whole_and_touches_nothing_else() {
    let mut world = World::new();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    world.inner.borrow_mut().faults.count_from_now();
    assert_eq!(world.delivers(&body).status(), 200);
    assert_eq!(world.inner.borrow().faults.passed(), 1, "one call: the queue");
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0);
    let inner = world.inner.borrow();
    let job: serde_json::Value = serde_json::from_str(inner.queue.bodies()[0]).unwrap();
    assert_eq!(job["body"].as_str(), Some(body.as_str()));
}

#[test]
fn the_previous_secret_is_good_while_it_is_rotated() {
    let mut world = World::new();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    world.set("X_CONSUMER_SECRET", "the next secret");
    assert_eq!(world.delivers(&body).status(), 401);
    world.set("X_CONSUMER_SECRET_PREVIOUS", crate::world::cast::CONSUMER_SECRET);
    assert_eq!(world.delivers(&body).status(), 200);
}

#[test]
fn the_size_cap_is_exact() {
    let mut world = World::new();
    let filled = |size: usize| {
        let head = r#"{"for_user_id":"1","filler":""#;
        format!("{head}{}\"}}", "x".repeat(size - head.len() - 2))
    };
    let at_cap = filled(1024 * 1024);
    assert_eq!(at_cap.len(), 1024 * 1024);
    assert_eq!(world.delivers(&at_cap).status(), 200);
    assert_eq!(world.delivers(&filled(1024 * 1024 + 1)).status(), 413);
}

#[test]
fn a_large_delivery_is_cut_and_a_large_event_goes_through_spill() {
    let mut world = World::new();
    let at = world.now().0;
    let long = "word ".repeat(10_000);
    let small: Vec<_> = (0..4).map(|n| item(&format!("190000000000000000{n}"), at + n, ADA, BRAND, &long)).collect();
    let mut huge = item("1900000000000000008", at + 8, ADA, BRAND, "hi");
    huge["filler"] = "x".repeat(300_000).into();
    let all: Vec<_> = small.into_iter().chain([huge]).collect();
    let body = serde_json::json!({"for_user_id": BRAND, "direct_message_events": all, "users": {ADA: {"name": "Ada"}}});
    assert_eq!(world.delivers(&body.to_string()).status(), 200);
    assert_eq!(world.inner.borrow().queue.len(), 5);
    let told =
        serde_json::json!({"event": "delivery", "outcome": "split", "parts": 5, "bytes": body.to_string().len()});
    assert_eq!(world.told("delivery"), [told]);
    assert_eq!(world.count("SELECT due_at FROM spill"), (world.now() + Span::minutes(5)).0, "should its job be lost");
    world.passes(Span::minutes(10));
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'handled' AND outcome = 'answered'"), 5);
    assert_eq!(world.count("SELECT COUNT(*) FROM spill"), 0);
    assert_eq!(world.sent_to(ADA).len(), 5);
}

#[test]
fn when_the_queue_refuses_the_delivery_is_spilled_and_answered_all_the_same() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Enqueue);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM spill"), 1);
    assert!(world.sent_to(ADA).is_empty());
    world.inner.borrow_mut().faults.up(Seam::Enqueue);
    world.passes(Span::minutes(6));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM spill"), 0);
}

#[test]
fn when_queue_and_database_refuse_x_is_told_to_send_again() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Enqueue);
    world.inner.borrow_mut().faults.down(Seam::Sql);
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    assert_eq!(world.delivers(&body).status(), 503);
}

#[test]
fn kinds_that_nobody_wants_are_dropped_and_notices_never() {
    let mut world = World::new();
    world.set("KINDS", "dm.message");
    world.delivers(include_str!("../fixtures/deliveries/typing.json"));
    assert_eq!(world.inner.borrow().queue.len(), 0);
    assert!(world.inner.borrow().log.iter().any(|line| line.contains(r#""outcome":"unwanted","items":1"#)));
    for kept in [
        include_str!("../fixtures/deliveries/revoke.json"),
        include_str!("../fixtures/deliveries/replay_status.json"),
        include_str!("../fixtures/deliveries/unknown_kind.json"),
    ] {
        assert_eq!(world.delivers(kept).status(), 200);
    }
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'recorded'"), 3);
}

#[test]
fn other_methods_and_paths_are_answered_as_http_has_it() {
    let mut world = World::new();
    let ask = |world: &mut World, method: &str, path: &str| {
        let request = http::Request::builder().method(method).uri(format!("{HOST}{path}")).body(Bytes::new()).unwrap();
        world.asks(request)
    };
    let head = ask(&mut world, "HEAD", "/");
    assert_eq!((head.status().as_u16(), head.body().len()), (200, 0));
    assert_eq!(ask(&mut world, "HEAD", "/webhook?crc_token=a").status(), 200);
    let put = ask(&mut world, "PUT", "/webhook");
    assert_eq!((put.status().as_u16(), put.headers()["allow"].to_str().unwrap()), (405, "GET, POST"));
    assert_eq!(ask(&mut world, "OPTIONS", "/healthz").status(), 405);
    assert_eq!(ask(&mut world, "GET", "/nothing").status(), 404);
    assert_eq!(ask(&mut world, "GET", "/webhook/").status(), 404, "no redirect: X would take it for a failure");
    let seams = world.inner.borrow().faults.passed();
    assert_eq!(ask(&mut world, "GET", "/healthz").status(), 200);
    let home = ask(&mut world, "GET", "/");
    assert!(String::from_utf8_lossy(home.body()).contains("<h1>Perch</h1>"));
    assert_eq!(world.inner.borrow().faults.passed(), seams, "neither touches a binding");
}

#[test]
fn the_home_page_names_each_key_that_is_missing() {
    let mut world = World::new();
    let home = |world: &mut World| String::from_utf8_lossy(world.gets("/").body()).into_owned();
    assert!(home(&mut world).contains("Its keys are set") && home(&mut world).contains("href=\"/app/\""));
    for name in ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "TOKEN_KEY", "ADMIN_TOKEN"] {
        world.unset(name);
        assert!(home(&mut world).contains(&format!("<li>{name} is not set. Set it: wrangler secret put {name}</li>")));
    }
    world.set("ADMIN_TOKEN", "short");
    assert!(home(&mut world).contains("ADMIN_TOKEN is shorter than 32 characters"));
}

#[test]
fn the_webhook_lives_where_the_setting_says() {
    let mut world = World::new();
    world.set("WEBHOOK_PATH", "/x/hook");
    assert_eq!(world.gets("/x/hook?crc_token=a").status(), 200);
    assert_eq!(world.gets("/webhook?crc_token=a").status(), 404);
}

#[test]
fn every_route_but_the_public_ones_asks_for_the_admin() {
    use perch::web::routes::{Access, Path, ROUTES};
    let public = ["/", "/healthz", "/sign-in/x", "/sign-in/x/callback", "/log-in", "/log-out"];
    let mut world = World::new();
    let mut guarded = 0;
    for route in ROUTES {
        // Of the pages see agents.rs: who opens one is led to the log-in.
        let Path::Is(path) = route.path else { continue };
        if path == "/app" {
            continue;
        }
        let is_public = public.contains(&path);
        assert_eq!(route.access == Access::Public, is_public, "{path}");
        if is_public {
            continue;
        }
        guarded += 1;
        for header in [None, Some("Bearer "), Some("Bearer wrong"), Some("Basic YTpi")] {
            let mut request = http::Request::builder().method(route.method.clone()).uri(format!("{HOST}{path}"));
            // Each from another address: nobody is told to wait.
            request = request.header("cf-connecting-ip", path);
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            assert_eq!(world.asks(request.body(Bytes::new()).unwrap()).status(), 401, "{path} {header:?}");
        }
    }
    assert!(guarded >= 3);
    assert_eq!(world.gets("/api/nothing").status(), 401, "even what is not there");
    world.set("ADMIN_TOKEN", "short");
    let closed = world.gets("/api/trouble");
    assert_eq!(closed.status(), 503);
    assert!(String::from_utf8_lossy(closed.body()).contains("wrangler secret put ADMIN_TOKEN"));
    assert_eq!(token_of(&mut world, "foo").0, 200, "the challenge still works");
}

#[test]
fn whoever_sends_wrong_tokens_is_told_to_wait_and_the_right_one_still_opens() {
    let mut world = World::new();
    let ask = |world: &mut World, token: &str| {
        let request = http::Request::get("https://perch.example/api/accounts")
            .header("authorization", format!("Bearer {token}"))
            .header("cf-connecting-ip", "203.0.113.7");
        world.asks(request.body(Bytes::new()).unwrap())
    };
    let answers: Vec<u16> = (0..35).map(|n| ask(&mut world, &format!("guess {n}")).status().as_u16()).collect();
    assert_eq!((answers[29], answers[30]), (401, 429));
    assert_eq!(ask(&mut world, crate::world::cast::ADMIN).status(), 200);
    let rows = world.count("SELECT COUNT(*) FROM audit WHERE status = 401");
    assert_eq!(rows, 0, "nobody from outside makes us write");
}

#[test]
fn of_what_is_refused_anyway_no_body_is_read() {
    let get = |_: &str| None;
    let config = Config::new(&get);
    let most = |method: &str, path: &str, header: &str| {
        let request = http::Request::builder().method(method).uri(format!("https://perch.example{path}"));
        most_read(&config, &request.header(header, "x").body(Bytes::new()).unwrap())
    };
    const SIGNED: &str = "x-twitter-webhooks-signature";
    for (method, path, header) in [
        ("POST", "/webhook", "content-type"),
        ("GET", "/webhook", SIGNED),
        ("POST", "/nowhere", "cookie"),
        ("POST", "/api/invites", "content-type"),
    ] {
        assert_eq!(most(method, path, header), 0, "{method} {path}");
    }
    assert_eq!(most("POST", "/log-in", "cookie"), 4 << 10);
    for (path, header) in [("/webhook", SIGNED), ("/webhook", "x-twitter-webhooks-signature-oauth2")] {
        assert_eq!(most("POST", path, header), 1 << 20);
    }
    for header in ["authorization", "cookie"] {
        assert_eq!(most("POST", "/api/invites", header), 1 << 20);
    }
}
