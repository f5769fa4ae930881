//! Misbehaviour of calls: before and after the effect, with and without an answer.

use http::Method;
use perch_simulator::{Calls, FailureBody, Handled, Mishap, Outcome, Trouble};
use serde_json::json;

use crate::client::{ACCOUNT, ADA, Client, NEW, NOW, Said, subscribed};

/// Sends "hi" and gives the answer, if there is one.
fn try_to_say(client: &mut Client) -> Option<Said> {
    let request = client.message(ADA, &json!({"text": "hi"}));
    match client.x.handle(client.now, &request) {
        Handled::Answer(response) => Some(response.into()),
        Handled::Silence => None,
        Handled::Challenge(_) => panic!("no challenge is due"),
    }
}

fn met(mishap: Mishap) -> (Client, Option<Said>) {
    let mut client = subscribed();
    client.x.misbehave(Trouble::Calls(Calls::sending(), mishap));
    let said = try_to_say(&mut client);
    (client, said)
}

#[test]
fn an_answer_is_lost_after_the_effect_once() {
    let (mut client, said) = met(Mishap::AnswerLost);
    assert!(said.is_none());
    assert_eq!(client.x.said_to(ACCOUNT, ADA).len(), 1);
    assert_eq!(client.receive().len(), 1, "the echo comes nevertheless");
    let logged = &client.x.requests()[0];
    assert_eq!(
        (logged.status, &logged.outcome, logged.user.as_deref()),
        (None, &Outcome::Troubled { done: true }, Some(ACCOUNT))
    );
    assert_eq!(try_to_say(&mut client).unwrap().status, 200);
}

#[test]
fn a_call_vanishes_before_the_effect() {
    let (mut client, said) = met(Mishap::NeverArrives);
    assert!(said.is_none());
    assert!(client.x.said_to(ACCOUNT, ADA).is_empty());
    assert!(client.receive().is_empty());
    assert_eq!(client.x.requests()[0].outcome, Outcome::Troubled { done: false });
}

#[test]
fn a_limit_is_spent_on_command() {
    let (client, said) = met(Mishap::RateLimited { reset_in_s: 60 });
    let said = said.unwrap();
    assert_eq!((said.status, said.code(), said.header("x-rate-limit-reset")), (429, Some(88), Some(NOW / 1000 + 60)));
    assert_eq!(client.x.requests()[0].outcome, Outcome::Refused { code: 88 });
}

#[test]
fn a_limit_can_be_spent_until_a_time_of_day() {
    let (mut client, said) = met(Mishap::RateLimitedUntil { reset_ms: NOW + 60_000 });
    assert_eq!(said.unwrap().header("x-rate-limit-reset"), Some(NOW / 1000 + 60));
    client
        .x
        .misbehave(Trouble::Calls(Calls::sending().for_ever(), Mishap::RateLimitedUntil { reset_ms: NOW + 60_000 }));
    client.now += 59_999;
    assert_eq!((client.say("hi").status, client.x.mishaps().count()), (429, 1));
    client.now += 1;
    assert_eq!((client.say("hi").status, client.x.mishaps().count()), (200, 0));
}

#[test]
fn x_fails_with_and_without_having_done_it() {
    for (status, body, code) in [
        (500, FailureBody::Code(131), Some(131)),
        (503, FailureBody::Code(130), Some(130)),
        (502, FailureBody::Html, None),
        (504, FailureBody::Empty, None),
    ] {
        for done in [true, false] {
            let (client, said) = met(Mishap::Fails { status, body: body.clone(), done });
            let said = said.unwrap();
            assert_eq!((said.status, said.code()), (status, code));
            assert_eq!(client.x.said_to(ACCOUNT, ADA).len(), usize::from(done));
            assert_eq!(client.x.requests()[0].outcome, Outcome::Troubled { done });
        }
    }
}

#[test]
fn any_refusal_can_be_had() {
    let (_, said) = met(Mishap::refused(226));
    let said = said.unwrap();
    assert_eq!((said.status, said.code()), (403, Some(226)));
    assert!(said.message().contains("automated"));
    let (_, said) = met(Mishap::Refused { status: 400, code: 999, message: "odd".to_owned() });
    assert_eq!(said.unwrap().body, json!({"errors": [{"code": 999, "message": "odd"}]}));
}

#[test]
fn trouble_finds_the_calls_that_it_names_and_spares_the_first_if_told() {
    let mut client = subscribed();
    client.x.misbehave(Trouble::Calls(Calls::to(Method::POST, NEW).after(1).times(2), Mishap::unavailable()));
    client.x.misbehave(Trouble::Calls(Calls::to(Method::GET, "/2/").for_ever(), Mishap::unavailable()));
    assert_eq!(client.as_account(Method::GET, "/1.1/account/verify_credentials.json").status, 200);
    let statuses: Vec<u16> = (0..4).map(|_| client.say("hi").status).collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
    for _ in 0..3 {
        assert_eq!(client.as_account(Method::GET, "/2/users/me").status, 503);
    }
    client.x.behave();
    assert_eq!(client.as_account(Method::GET, "/2/users/me").status, 200);
}

#[test]
fn a_refused_call_whose_answer_is_lost_was_not_done() {
    let mut client = subscribed();
    client.x.customer_blocks(ADA, ACCOUNT);
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::AnswerLost));
    assert!(try_to_say(&mut client).is_none());
    assert_eq!(client.x.requests()[0].outcome, Outcome::Troubled { done: false });
}

#[test]
fn what_was_done_can_be_answered_with_errors_beside_the_data() {
    let mut client = subscribed();
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::DoneWithErrors));
    let said = client.say_v2("hi");
    assert_eq!((said.status, client.x.said_to(ACCOUNT, ADA).len()), (201, 1));
    assert!(said.body["data"]["dm_event_id"].is_string() && said.body["errors"][0]["detail"].is_string());
}
