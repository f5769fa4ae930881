//! What X's answer leads to: who waits for what, who is told, what is tried again and when.

use serde_json::json;

use super::judge::tests::account;
use super::outcome::{Settling, in_another_dialect, judge_message, judge_post, not_sendable};
use crate::error::Trouble;
use crate::job::Job;
use crate::store::accounts::{self, Account};
use crate::store::outbox::{self, LEASE, Sending, apologise};
use crate::store::tokens;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

fn sending(id: &str, holder: &str) -> Sending {
    serde_json::from_value(json!({
        "id": id, "account_id": "1", "customer_id": "2", "holder": holder, "kind": "dm", "status": "sending", "body": "{}",
        "created_at": 0, "intent_at": 0, "lease_until": 0, "attempts": 1, "looks": 0,
    }))
    .unwrap()
}

fn refusal(status: u16, code: i64) -> Response {
    let message = if code == 187 { "Status is a duplicate." } else { "no" };
    let body = json!({"errors": [{"code": code, "message": message}]}).to_string();
    http::Response::builder().status(status).body(body.into()).unwrap()
}

fn judged(sending: &Sending, account: &Account, answer: Response) -> Settling {
    judge_message(sending, account, Ok(answer), Timestamp(0))
}

#[test]
fn what_nobody_knows_the_outcome_of_is_looked_at_once_its_lease_is_over() {
    let (message, account) = (sending("a", "bot"), account(json!({})));
    let silence = Err(Trouble::Network("no answer".to_owned()));
    let silent = judge_message(&message, &account, silence, Timestamp(0));
    assert!(!silent.goes_on && silent.unknown.is_some());
    assert_eq!(silent.wake, Some((Job::Settle { account: "1".into() }, LEASE + Span::seconds(1))));
    let busy = http::Response::builder().status(503).body(Default::default()).unwrap();
    let said = judged(&message, &account, busy).unknown.unwrap();
    assert_eq!((said.status, said.code), (Some(503), None), "the log tells what X said");
}

#[test]
fn what_x_refuses_for_the_moment_has_an_alarm_of_its_own() {
    let message = sending("a", "bot");
    let judged = judged(&message, &account(json!({})), refusal(503, 130));
    let conversation = message.conversation.clone();
    assert_eq!(judged.wake, Some((Job::Converse { conversation }, Span::seconds(20))));
}

#[test]
fn in_the_other_dialect_it_goes_out_at_once_or_when_x_was_asked_again() {
    let message = sending("a", "bot");
    let at_once = in_another_dialect(&message, false, Span::seconds(0), Timestamp(0));
    assert_eq!((at_once.goes_on, at_once.wake), (true, None));
    let later = in_another_dialect(&message, false, Span::minutes(2), Timestamp(0));
    let job = Job::Converse { conversation: message.conversation.clone() };
    assert_eq!((later.goes_on, later.wake), (false, Some((job, Span::minutes(2)))));
    let chosen = in_another_dialect(&message, true, Span::minutes(2), Timestamp(0));
    assert!(format!("{:?}", chosen.statements).contains("perch accounts speak auto"));
    assert!(!format!("{:?}", later.statements).contains("speak auto"), "nobody chose");
}

#[test]
fn the_bot_apologises_for_an_answer_that_x_takes_never_and_for_nothing_else() {
    let apology = |id: &str, holder: &str| {
        let message = sending(id, holder);
        let judged = judged(&message, &account(json!({})), refusal(403, 354));
        let sorry = apologise(&message, ["", "", ""], Timestamp(0)).sql;
        assert!(judged.goes_on);
        judged.statements.iter().filter(|statement| statement.sql == sorry).count()
    };
    for (id, holder, count) in [
        ("event:1:dm.message:7/0", "bot", 1),
        ("event:1:dm.message:7/0", "human", 0),
        ("event:1:mention:7/0", "bot", 0),
        ("event:1:follow:7/0", "bot", 0),
        ("event:1:favorite:7/0", "bot", 0),
        ("event:1:mention:7/0", "human", 0),
    ] {
        assert_eq!(apology(id, holder), count, "{id} of {holder}");
    }
}

#[test]
fn only_a_token_of_oauth2_that_was_good_for_five_minutes_is_over() {
    let over = tokens::is_over(&"1".into(), "sealed", Timestamp(0)).sql;
    let is_over = |since: Span, status: u16, tokens: &str| {
        let account = account(json!({"oauth2": "sealed", "oauth2_since": -since.0, "tokens": tokens}));
        let judged = judged(&sending("a", "bot"), &account, refusal(status, 32));
        judged.statements.iter().any(|statement| statement.sql == over)
    };
    let five = Span::minutes(5);
    for (since, status, tokens, answer) in [
        (five, 401, "", true),
        (Span(five.0 - 1), 401, "", false),
        (Span::hours(1), 401, "", true),
        (Span::hours(1), 403, "", false),
        (Span::hours(1), 401, "sealed", false),
    ] {
        assert_eq!(is_over(since, status, tokens), answer, "{} ms, {status}, '{tokens}'", since.0);
    }
}

#[test]
fn what_cannot_be_signed_waits_as_long_as_its_mend_takes() {
    let message = sending("a", "bot");
    for (trouble, by_hand, wait) in [
        (Trouble::Settings("TOKEN_KEY is not set".to_owned()), true, Span::minutes(5)),
        (Trouble::Network("no answer".to_owned()), false, Span::seconds(30)),
    ] {
        let held = not_sendable(&message, &trouble, Timestamp(0));
        let [owed, hold] = &held.statements[..] else { panic!("owed again, and the account rests") };
        let why = format!("{:?}", hold.params);
        let expected = accounts::hold(&"1".into(), Timestamp(0) + wait, String::new(), Timestamp(0));
        assert_eq!(owed.sql, outbox::owed_again(&message, Timestamp(0), "").sql);
        assert_eq!((hold.sql, &hold.params[1]), (expected.sql, &expected.params[1]), "{trouble}");
        assert!(why.contains(&format!("\\\"by_hand\\\":{by_hand}")), "{why}");
        assert!(!held.goes_on && held.wake.is_none(), "the account's own alarm wakes it");
    }
}

fn post(attempts: i64) -> Sending {
    let mut post = sending("event:1:mention:7/0", "bot");
    post.attempts = attempts;
    post
}

#[test]
fn a_post_of_unknown_outcome_is_posted_again_and_x_refuses_what_it_has() {
    let again = |judged: &Settling, attempts: i64, wait: Span| {
        let owed = outbox::owed_again(&post(attempts), Timestamp(0) + wait, "");
        let [statement] = &judged.statements[..] else { panic!("one statement") };
        assert_eq!((statement.sql, &statement.params[2]), (owed.sql, &owed.params[2]));
        let conversation = post(attempts).conversation;
        assert_eq!(judged.wake, Some((Job::Converse { conversation }, wait)));
        assert!(!judged.goes_on);
    };
    let silence = || Err(Trouble::Network("no answer".to_owned()));
    again(&judge_post(&post(1), silence(), Timestamp(0)), 1, Span::seconds(20));
    again(&judge_post(&post(3), silence(), Timestamp(0)), 3, Span::minutes(5));
    again(&judge_post(&post(3), Ok(refusal(503, 131)), Timestamp(0)), 3, Span::minutes(5));
    again(&judge_post(&post(1), Ok(refusal(429, 88)), Timestamp(0)), 1, Span::minutes(15));
    let unknown = |answer| judge_post(&post(1), answer, Timestamp(0)).statements[0].params[4] == 1.into();
    assert!(unknown(silence()) && unknown(Ok(refusal(503, 131))) && !unknown(Ok(refusal(429, 88))));
    let sql = |judged: &Settling| judged.statements.last().unwrap().sql;
    for (attempts, looks, is_ours) in [(1, 0, false), (3, 0, false), (2, 1, true), (3, 2, true)] {
        let mut post = post(attempts);
        post.looks = looks;
        let judged = judge_post(&post, Ok(refusal(403, 187)), Timestamp(0));
        let expected = match is_ours {
            true => outbox::posted_before(&post, Timestamp(0)).sql,
            false => outbox::failed(&post, "").sql,
        };
        assert_eq!((sql(&judged), judged.goes_on), (expected, true), "try {attempts}");
    }
}
