//! What X answers: each reader of it takes any answer, a refusal has a verdict that can be acted on, numbers stay in their bounds.

use perch::web::relay;
use perch::x_api::activity_subscriptions::{created, page as activity_page};
use perch::x_api::delivery::Item;
use perch::x_api::dialect::{Speaks, refuses_dialect};
use perch::x_api::fault::{Fault, Verdict};
use perch::x_api::media::{Progress, begun, progress};
use perch::x_api::oauth2::{Grant, NoGrant};
use perch::x_api::request::Response;
use perch::x_api::time::{Span, Timestamp};
use perch::x_api::{
    accounts, bearer, custom_profiles, limits, posts, replay, sign_in, subscriptions, webhooks, welcome_messages,
    welcome_rules,
};

use crate::still::NOW;

pub fn run(bytes: &[u8]) {
    let response = crate::http::response(bytes);
    refusals(&response);
    messages(&response);
    lists(&response);
    files(&response);
    for told in limits::told(&response, NOW) {
        assert!(
            told.remaining <= told.cap
                && told.resets_at > NOW - Span::hours(1)
                && told.resets_at < NOW + Span::hours(25)
        );
    }
}

/// Of signing in: a token is never an empty one.
pub fn tokens(bytes: &[u8]) {
    let response = crate::http::response(bytes);
    let is_success = response.status().is_success();
    match Grant::answered(&response) {
        Ok(grant) => {
            assert!(is_success && !grant.access.reveal().is_empty());
            assert!(grant.refresh.as_ref().is_none_or(|refresh| !refresh.reveal().is_empty()));
            assert!(grant.lasts >= Span::seconds(1) && grant.lasts <= Span::days(366));
            grant.lacks();
        }
        Err(no) => assert!(!is_success || no == NoGrant::Later),
    }
    let pair = sign_in::read(&response);
    assert!(pair.as_ref().is_none_or(|pair| !pair.token.reveal().is_empty() && !pair.secret.reveal().is_empty()));
    let confirmed = sign_in::read_confirmed(&response);
    assert!(confirmed.is_none() || confirmed == pair);
    assert!(bearer::read(&response).is_none_or(|token| !token.reveal().is_empty()));
}

fn refusals(response: &Response) {
    let Some((fault, verdict)) = Fault::read(response, NOW) else {
        assert!(response.status().is_success());
        return;
    };
    assert!(!response.status().is_success() && fault.status == response.status().as_u16());
    assert!(fault.said.chars().count() <= 300 && !fault.what_to_do.is_empty());
    if let Verdict::After(span, _) = verdict {
        assert!(span >= Span::seconds(1) && span <= Span::days(1));
    }
    refuses_dialect(&fault);
    let kept = serde_json::to_string(&fault).unwrap();
    assert_eq!(serde_json::from_str::<Fault>(&kept).unwrap(), fault);
}

fn messages(response: &Response) {
    for speaks in [Speaks::Rich, Speaks::Plain] {
        assert!(speaks.sent(response).is_none_or(|id| !id.as_str().is_empty()));
        for seen in speaks.page(response).map(|page| page.seen).unwrap_or_default() {
            assert_eq!(Item::message(&seen.raw).as_ref(), Ok(&seen.message), "what is kept says what was seen");
        }
    }
    posts::created(response);
    posts::is_duplicate(response);
}

fn lists(response: &Response) {
    let all = webhooks::read_list(response).unwrap_or_default();
    assert!(all.iter().chain(&webhooks::read(response)).all(|one| !one.id.as_str().is_empty() && !one.url.is_empty()));
    webhooks::is_valid(response);
    subscriptions::is_subscribed(response);
    subscriptions::read_list(response);
    subscriptions::read_count(response);
    activity_page(response);
    created(response);
    let profiles = [accounts::read(response), accounts::read_v2(response)];
    assert!(profiles.iter().flatten().all(|profile| !profile.id.as_str().is_empty()));
    assert!(accounts::access(response).is_none_or(|access| access.as_str().len() <= response.headers().len() * 4096));
    custom_profiles::made(response);
    let _ = custom_profiles::all(response);
    welcome_messages::made(response);
    let _ = welcome_messages::all(response);
    welcome_rules::made(response);
    let _ = welcome_rules::all(response);
    replay::begun(response);
}

fn files(response: &Response) {
    assert!(begun(response).is_none_or(|id| !id.as_str().is_empty()));
    match progress(response) {
        Progress::Ready { expires_after } => {
            let expires_at = NOW + Span::seconds(expires_after);
            assert!(Timestamp::sensible(expires_at.0).is_some(), "a file lasts until {expires_at:?}");
        }
        Progress::Wait { check_after } => assert!((1..=600).contains(&check_after)),
        Progress::Failed(why) => assert!(!why.is_empty()),
    }
    match relay::head(response, "/a") {
        Ok(head) => {
            let kind = head.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            let is_shown =
                ["image/", "video/"].iter().any(|family| kind.trim_start().to_ascii_lowercase().starts_with(family));
            assert!(is_shown || head.headers().contains_key("content-disposition"), "{kind} would be opened");
            assert!(!kind.to_ascii_lowercase().contains("svg") || head.headers().contains_key("content-disposition"));
        }
        Err(answer) => assert_eq!(answer.response.status().as_u16(), 502),
    }
}
