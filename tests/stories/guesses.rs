//! Passwords that are guessed: counted before they are judged, under names that nobody has too, one by one and at once.

use bytes::Bytes;
use http::Method;
use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::people::{Agent, browser};
use crate::world::scheduler::Order;

fn guess(login: &str, password: &str) -> perch::x_api::request::Request {
    browser(Method::POST, "/log-in", None, Bytes::from(format!("login={login}&password={password}")))
}

#[test]
fn wrong_passwords_are_told_from_nothing_and_lock_for_longer_and_longer() {
    let mut world = World::new();
    world.agent("ida", &json!({}));
    for round in 0..6 {
        let unknown = world.logs_in("nobody", "wrong").unwrap_err();
        let wrong = world.logs_in("IDA", "wrong").unwrap_err();
        assert_eq!(unknown.replace("nobody", ""), wrong.replace("IDA", ""), "guess {round}");
        let said = if round < 5 { "The name or the password is wrong." } else { "Try again in 30 seconds" };
        assert!(wrong.contains(said), "guess {round}: {wrong}");
    }
    world.passes(Span::seconds(31));
    world.logs_in("ida", "wrong").unwrap_err();
    assert!(world.logs_in("ida", "wrong").unwrap_err().contains("Try again in 60 seconds"));
    let (_, changed) = world.api("POST", "/api/agents/change", &json!({"login": "ida", "password": true}));
    world.logs_in("ida", changed["password"].as_str().unwrap()).expect("a new password opens the lock");
    world.passes(Span::hours(25));
    assert_eq!(world.count("SELECT COUNT(*) FROM guesses"), 0, "those of yesterday go");
}

#[test]
fn of_guesses_made_at_once_no_more_are_judged_than_of_one_after_the_other() {
    for seed in 1..=6 {
        let mut world = World::new();
        world.agent("ida", &json!({}));
        world.order(Order::Shuffled(seed));
        let answers = world.asks_at_once((0..20).map(|_| guess("ida", "wrong")).collect());
        let judged = answers.iter().filter(|answer| answer.status() == 401).count();
        let locked = answers.iter().filter(|answer| answer.status() == 429).count();
        assert_eq!((judged, locked), (5, 15), "seed {seed}");
    }
}

#[test]
fn one_address_guesses_under_any_number_of_names_thirty_times_a_minute() {
    let mut world = World::new();
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida"}));
    for n in 0..30 {
        assert!(world.logs_in(&format!("name{n}"), "wrong").unwrap_err().starts_with("401"));
    }
    let right = made["password"].as_str().unwrap();
    assert!(world.logs_in("ida", right).unwrap_err().contains("Too many log-ins from this address."));
    assert_eq!(world.count("SELECT COUNT(*) FROM guesses"), 30, "the others cost nothing");
    world.passes(Span::minutes(1));
    world.logs_in("ida", right).expect("after a minute");
}

#[test]
fn a_cookie_does_not_guess_its_owners_password() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    let mut tries =
        |old: &str| world.does(&ida, "POST", "/api/me/password", &json!({"old": old, "new": "a longer password"})).0;
    for _ in 0..5 {
        assert_eq!(tries("wrong"), 403);
    }
    assert_eq!(tries("wrong"), 429);
}

/// Their own new password.
fn change(ida: &Agent, old: &str, new: &str) -> perch::x_api::request::Request {
    let body = json!({"old": old, "new": new}).to_string();
    browser(Method::POST, "/api/me/password", Some(&ida.cookie), body.into())
}

fn cookie_of(answer: &perch::x_api::request::Response) -> Agent {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    Agent { login: "ida".to_owned(), cookie }
}

/// Ida, logged in with a password of her own.
fn with_first_password() -> (World, Agent) {
    let mut world = World::new();
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida"}));
    let given = made["password"].as_str().unwrap().to_owned();
    let ida = Agent { login: "ida".to_owned(), cookie: world.logs_in("ida", &given).unwrap() };
    let ida = cookie_of(&world.asks(change(&ida, &given, "the-first-password")));
    (world, ida)
}

#[test]
fn a_log_in_under_way_does_not_outlive_a_new_password() {
    let mut ends = [0, 0];
    for seed in 1..=12 {
        let (mut world, ida) = with_first_password();
        world.order(Order::Shuffled(seed));
        let second = change(&ida, "the-first-password", "the-second-password");
        let answers = world.asks_at_once(vec![guess("ida", "the-first-password"), second]);
        assert_eq!(answers[1].status(), 200);
        let is_in = answers[0].status() == 303;
        ends[usize::from(is_in)] += 1;
        if is_in {
            let old = cookie_of(&answers[0]);
            assert_eq!(world.does(&old, "GET", "/api/me", &serde_json::Value::Null).0, 401, "seed {seed}");
        }
    }
    assert!(ends.iter().all(|times| *times > 0), "{ends:?}");
}

#[test]
fn a_password_that_an_admin_has_just_given_is_not_changed_by_whoever_knows_the_one_before() {
    let mut refused = 0;
    for seed in 1..=12 {
        let (mut world, ida) = with_first_password();
        world.order(Order::Shuffled(seed));
        let theirs = change(&ida, "the-first-password", "the-second-password");
        let admins = json!({"login": "ida", "password": true}).to_string();
        let admins = crate::world::cast::admin_request("POST", "/api/agents/change", &admins);
        let answers = world.asks_at_once(vec![theirs, admins]);
        assert_eq!(answers[1].status(), 200);
        refused += usize::from(answers[0].status() == 403);
        assert!(world.logs_in("ida", "the-second-password").is_err(), "seed {seed}: {}", answers[0].status());
    }
    assert!(refused > 0, "in none was the admin quicker");
}

#[test]
fn a_deployment_without_an_admin_lets_nobody_in() {
    let mut world = World::new();
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida"}));
    world.unset("ADMIN_TOKEN");
    assert!(world.logs_in("ida", made["password"].as_str().unwrap()).unwrap_err().starts_with("503"));
}
