//! Plans: in which of them v1.1 and the messages of v2 are closed.

use http::Method;
use perch_simulator::{Outcome, V1};
use serde_json::json;

use crate::client::{ACCOUNT, ADA, Client, LIST};

const VERIFY: &str = "/1.1/account/verify_credentials.json";

#[test]
fn a_plan_without_v1_says_453_to_all_but_the_check_of_the_token() {
    let mut client = Client::new();
    client.x.portal().v1 = V1::Closed453;
    for said in [
        client.say("hi"),
        client.as_account(Method::GET, LIST),
        client.as_account(Method::POST, "/1.1/media/upload.json?command=INIT"),
    ] {
        assert_eq!((said.status, said.code()), (403, Some(453)));
        assert!(said.message().starts_with("You currently have access to a subset of X API"));
    }
    assert!(client.x.said_to(ACCOUNT, ADA).is_empty());
    assert_eq!(client.as_account(Method::GET, VERIFY).status, 200);
    let registry = client.as_app(Method::GET, "/1.1/account_activity/webhooks.json");
    assert_eq!(registry.status, 200, "the product that delivers is sold apart");
    assert_eq!(client.say_v2("hi").status, 201);
}

#[test]
fn other_plans_refuse_v1_without_a_code() {
    for (v1, status) in [(V1::Closed403, 403), (V1::Closed404, 404)] {
        let mut client = Client::new();
        client.x.portal().v1 = v1;
        let said = client.say("hi");
        assert_eq!((said.status, said.code()), (status, None));
        assert_eq!(client.x.requests()[0].outcome, Outcome::Refused { code: 453 });
        assert_eq!(client.as_account(Method::GET, VERIFY).status, 200);
    }
}

#[test]
fn an_app_without_the_messages_of_v2_is_told_so() {
    let mut client = Client::new();
    client.x.portal().v2_messages = false;
    let said = client.say_v2("hi");
    assert_eq!((said.status, &said.body["title"]), (403, &json!("Forbidden")));
    assert!(said.detail().contains("attached to a Project"));
    assert_eq!(client.x.requests()[0].outcome, Outcome::Refused { code: 453 });
    assert_eq!(client.as_account(Method::GET, "/2/dm_events").status, 403);
    assert_eq!((client.say("hi").status, client.as_account(Method::GET, "/2/users/me").status), (200, 200));
}
