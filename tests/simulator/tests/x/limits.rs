//! Limits of v2: several windows at once, and what the headers say of them.

use http::Method;
use perch_simulator::{Bound, Endpoint, Headers, Limit};
use serde_json::json;

use crate::client::{ACCOUNT, Client, NOW, SEND_V2, Said};

const QUARTER: u64 = 900_000;

fn user_day(said: &Said) -> (Option<u64>, Option<u64>) {
    (said.header("x-user-limit-24hour-limit"), said.header("x-user-limit-24hour-remaining"))
}

#[test]
fn fifteen_messages_in_fifteen_minutes_and_the_day_beside_it() {
    let mut client = Client::new();
    let first = client.say_v2("1");
    assert_eq!((first.header("x-rate-limit-limit"), first.header("x-rate-limit-remaining")), (Some(15), Some(14)));
    assert_eq!(first.header("x-rate-limit-reset"), Some((NOW + QUARTER) / 1000));
    assert_eq!(user_day(&first), (Some(1_440), Some(1_439)));
    assert_eq!(first.header("x-user-limit-24hour-reset"), Some((NOW + 96 * QUARTER) / 1000));
    assert_eq!(first.header("x-app-limit-24hour-remaining"), Some(1_439));
    for _ in 1..15 {
        assert_eq!(client.say_v2("more").status, 201);
    }
    let refused = client.say_v2("16");
    assert_eq!(refused.status, 429);
    let expected =
        json!({"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429});
    assert_eq!(refused.body, expected);
    assert_eq!((refused.header("x-rate-limit-remaining"), user_day(&refused).1), (Some(0), Some(1_425)), "not counted");
    assert_eq!(client.x.spent(client.now, Endpoint::SendV2, true, ACCOUNT)[0].used, 15);
    client.now += QUARTER;
    assert_eq!(client.x.spent(client.now, Endpoint::SendV2, true, ACCOUNT)[0].used, 0);
    let later = client.say_v2("17");
    assert_eq!((later.status, user_day(&later).1), (201, Some(1_424)));
}

#[test]
fn a_spent_day_refuses_where_the_quarter_of_an_hour_would_not() {
    let mut client = Client::new();
    let day = Limit::per_day(2);
    client.x.limits(Endpoint::SendV2, vec![Bound::Caller(Limit::per_15_minutes(15)), Bound::Caller(day)]);
    assert_eq!((client.say_v2("1").status, client.say_v2("2").status), (201, 201));
    client.now += QUARTER;
    let refused = client.say_v2("3");
    assert_eq!(
        (refused.status, refused.header("x-rate-limit-remaining"), user_day(&refused).1),
        (429, Some(15), Some(0))
    );
}

#[test]
fn the_app_has_a_limit_for_all_of_its_users_together() {
    let mut client = Client::new();
    client.grant_ada();
    client.x.limits(Endpoint::SendV2, vec![Bound::Caller(Limit::per_day(9)), Bound::App(Limit::per_day(1))]);
    assert_eq!(client.say_v2("1").status, 201);
    let mut request =
        client.signed(Method::POST, "/2/dm_conversations/with/2001/messages", &[], ("ada-token", "ada-secret"));
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    *request.body_mut() = json!({"text": "hi"}).to_string().into();
    let refused = client.ask(&request);
    assert_eq!(
        (refused.status, refused.header("x-app-limit-24hour-remaining"), user_day(&refused).1),
        (429, Some(0), Some(9))
    );
}

#[test]
fn one_limit_takes_the_place_of_all_and_v1_says_it_as_before() {
    let mut client = Client::new();
    client.x.limit(Endpoint::SendV2, Limit::per_15_minutes(1));
    let said = client.say_v2("1");
    assert_eq!((said.header("x-rate-limit-limit"), user_day(&said).0), (Some(1), None));
    assert_eq!(client.say_v2("2").status, 429);
    let v1 = client.say("1");
    assert_eq!((v1.header("x-rate-limit-limit"), user_day(&v1).0), (Some(1_000), None));
}

#[test]
fn the_app_by_itself_and_each_version_have_pools_of_their_own() {
    let mut client = Client::new();
    let path = "/2/users/by/username/ada";
    assert_eq!(client.as_app(Method::GET, path).header("x-rate-limit-limit"), Some(300));
    assert_eq!(client.as_account(Method::GET, path).header("x-rate-limit-remaining"), Some(899));
    assert_eq!(client.as_app(Method::GET, "/2/webhooks").header("x-rate-limit-limit"), Some(450));
    let v1 = client.as_app(Method::GET, "/1.1/account_activity/webhooks.json");
    assert_eq!((v1.header("x-rate-limit-limit"), v1.header("x-rate-limit-remaining")), (Some(15), Some(14)));
    let events = client.as_account(Method::GET, "/2/dm_events");
    assert_eq!(events.header("x-rate-limit-limit"), Some(15));
}

#[test]
fn the_headers_can_be_missing_or_absurd() {
    let mut client = Client::new();
    client.x.settings().rate_limit_headers = Headers::Missing;
    let said = client.json_as_account(Method::POST, SEND_V2, &json!({"text": "1"}));
    assert!(said.headers.keys().all(|name| !name.as_str().contains("limit")), "{said:?}");
    client.x.settings().rate_limit_headers = Headers::Absurd;
    let said = client.say_v2("2");
    assert_eq!(said.headers["x-rate-limit-limit"], "banana");
    assert!(said.header("x-rate-limit-remaining").unwrap() > 15);
    assert!(said.header("x-rate-limit-reset").unwrap() > 253_000_000_000);
}
