//! What X's answer means for a post, and for a sign of attention.

use super::send::{Settling, back_off};
use crate::error::Trouble;
use crate::job::Job;
use crate::store::outbox::{self, Sending};
use crate::x_api::fault::{Fault, Verdict};
use crate::x_api::posts;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

/// A post whose outcome is not known is posted again: X takes the same text only once, and its refusal is the answer.
pub fn judge_post(sending: &Sending, answer: Result<Response, Trouble>, now: Timestamp) -> Settling {
    let wait = back_off(sending.attempts);
    let again = |wait: Span, why: &str| Settling {
        statements: vec![outbox::owed_again(sending, now + wait, why)],
        wake: Some((Job::Converse { conversation: sending.conversation.clone() }, wait)),
        ..Settling::default()
    };
    let silence = r#"{"said":"X did not say whether it has the post.","what_to_do":"It is posted again; X takes the same text only once."}"#;
    let Ok(response) = answer else { return again(wait, silence) };
    // The first try of this very post cannot be what X has: another one said the same.
    if posts::is_duplicate(&response) && sending.attempts > 1 {
        return Settling { statements: vec![outbox::posted_before(sending, now)], ..Settling::first() };
    }
    let Some((fault, verdict)) = Fault::read(&response, now) else {
        return match posts::created(&response) {
            Some(x_id) => {
                Settling { statements: vec![outbox::sent(&sending.id, x_id.as_str(), now)], ..Settling::first() }
            }
            None => again(wait, silence),
        };
    };
    let why = serde_json::to_string(&fault).unwrap_or_default();
    match verdict {
        Verdict::Unknown => again(wait, silence),
        // Posts may be refused where messages are not: only the post rests or fails.
        Verdict::After(span, _) => again(span.max(wait), &why),
        Verdict::SignIn | Verdict::Never(_) => {
            Settling { statements: vec![outbox::failed(sending, &why)], ..Settling::first() }
        }
    }
}

/// Once, whatever came of it: a sign that comes late is worse than none.
pub fn judge_signal(sending: &Sending, answer: Result<Response, Trouble>) -> Settling {
    let statement = match answer {
        Ok(response) if response.status().is_success() => outbox::signalled(sending),
        _ => outbox::failed(sending, r#"{"said":"X did not take the signal."}"#),
    };
    Settling { statements: vec![statement], ..Settling::first() }
}
