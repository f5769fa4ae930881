//! What X's answer means for a message or a post: what is written, and whether the next one may go.

use serde::Serialize;
use serde_json::json;

use super::{costs, script};
use crate::bot::matching::START_OVER;
use crate::error::Trouble;
use crate::job::Job;
use crate::store::accounts::{self, Account};
use crate::store::entries;
use crate::store::outbox::{self, LEASE, Sending};
use crate::store::statement::Statement;
use crate::store::tokens;
use crate::x_api::fault::{Fault, Scope, Verdict};
use crate::x_api::ids::DmId;
use crate::x_api::posts;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

/// How the tries of one message that X refuses for the moment are spaced, by their number.
const BACK_OFF: &[Span] = &[Span::seconds(20), Span::minutes(1), Span::minutes(5), Span::minutes(20), Span::hours(1)];

/// What the answer of X means for the rows, and what has to be queued once they are written.
#[derive(Default)]
pub struct Settling {
    pub statements: Vec<Statement>,
    /// The next message of the conversation may be tried.
    pub goes_on: bool,
    pub wake: Option<(Job, Span)>,
    /// X did not say whether it has the message.
    pub unknown: Option<Unknown>,
    /// The message that was tried, and how long X took.
    pub call: Option<(String, Span)>,
}

/// What X said in place of that.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unknown {
    pub status: Option<u16>,
    pub code: Option<i64>,
}

impl Settling {
    /// The next message may be tried.
    pub fn going_on() -> Self {
        Self { goes_on: true, ..Self::default() }
    }
}

pub fn judge_message(
    sending: &Sending,
    account: &Account,
    answer: Result<Response, Trouble>,
    now: Timestamp,
) -> Settling {
    let id = &sending.conversation;
    let unknown = Settling {
        // The row stays as it is, claimed: nothing more is sent here before its outcome is known.
        wake: Some((Job::Settle { account: id.account.clone() }, LEASE + Span::seconds(1))),
        unknown: Some(Unknown::default()),
        ..Settling::default()
    };
    let Ok(response) = answer else {
        return Settling { statements: vec![accounts::hold_for_silence(&id.account, now)], ..unknown };
    };
    let Some((fault, verdict)) = Fault::read(&response, now) else {
        return match account.speaks.sent(&response) {
            Some(x_id) => Settling { statements: on_x(sending, &x_id, now, now), ..Settling::going_on() },
            None => unknown,
        };
    };
    let why = serde_json::to_string(&fault).unwrap_or_default();
    if let Some(over) = is_over(account, &fault, now) {
        return Settling { statements: vec![outbox::owed_again(sending, now, &why), over], ..Settling::going_on() };
    }
    match verdict {
        Verdict::Unknown => {
            Settling { unknown: Some(Unknown { status: Some(fault.status), code: fault.code }), ..unknown }
        }
        Verdict::Never(Scope::Message) => Settling {
            statements: std::iter::once(outbox::failed(sending, &why)).chain(apology(sending, now)).collect(),
            ..Settling::going_on()
        },
        Verdict::Never(_) => Settling {
            statements: vec![outbox::failed(sending, &why), outbox::fail_all_owed(id, &why)],
            ..Settling::going_on()
        },
        Verdict::SignIn => Settling {
            statements: vec![
                outbox::owed_again(sending, now, &why),
                tokens::sign_out(account, fault.code == Some(89), why.clone(), now),
            ],
            ..Settling::default()
        },
        Verdict::After(span, Scope::Account) => Settling {
            statements: vec![
                // Due at once: the hold of the account is the gate, also when connecting again lifts it.
                outbox::owed_again(sending, now, &why),
                accounts::hold(&id.account, now + span, why.clone(), now),
            ],
            ..Settling::default()
        },
        Verdict::After(span, _) => {
            let wait = span.max(back_off(sending.attempts));
            Settling {
                statements: vec![outbox::owed_again(sending, now + wait, &why)],
                wake: Some((Job::Converse { conversation: id.clone() }, wait)),
                ..Settling::default()
            }
        }
    }
}

/// X has the message since `at`. It is counted first: once it is sent, it counts no more.
pub fn on_x(row: &Sending, x_id: &DmId, at: Timestamp, now: Timestamp) -> Vec<Statement> {
    vec![
        costs::of_sent(row, now),
        outbox::sent(&row.id, x_id.as_str(), now),
        entries::said(&row.conversation, x_id, at, &row.holder, &row.message()),
    ]
}

/// What the bot says where X takes its answer never, since the customer waits for one. Whoever did something in public does
/// not.
fn apology(sending: &Sending, now: Timestamp) -> Option<Statement> {
    let is_public = [":mention:", ":follow:", ":favorite:"].iter().any(|kind| sending.id.contains(kind));
    let words = script::built_in().filter(|_| sending.holder == "bot" && !is_public)?;
    Some(outbox::apologise(sending, [&words.apology, &words.start_over, START_OVER], now))
}

/// X takes the access token of OAuth 2.0 no more, before its time: another one is asked for. One that is new is refused
/// for another reason.
fn is_over(account: &Account, fault: &Fault, now: Timestamp) -> Option<Statement> {
    let sealed = account.oauth2.as_deref().filter(|_| account.tokens.is_empty())?;
    let is_new = now - account.oauth2_since < Span::minutes(5);
    (fault.status == 401 && !is_new).then(|| tokens::is_over(&account.id, sealed, now))
}

/// X had nothing of it: the same message, at once or once it is known how, in the dialect that the account speaks then.
pub fn in_another_dialect(sending: &Sending, is_chosen: bool, wait: Span, now: Timestamp) -> Settling {
    let what_to_do = match is_chosen {
        true => "It goes out in the other one once that is left to Perch: perch accounts speak auto.",
        false => "It goes out in the other one.",
    };
    let said = "X closed one of its two kinds of Direct Messages to this account.";
    let refused_at = sending.dialect_refused_at.unwrap_or(now);
    let why = json!({"said": said, "what_to_do": what_to_do, "dialect": refused_at});
    let conversation = sending.conversation.clone();
    Settling {
        statements: vec![outbox::owed_again(sending, now + wait, &why.to_string())],
        goes_on: wait == Span::seconds(0),
        wake: (wait > Span::seconds(0)).then_some((Job::Converse { conversation }, wait)),
        ..Settling::default()
    }
}

/// Why an account rests, as its row tells it.
#[derive(Serialize)]
pub struct Rest<'a> {
    pub said: &'a str,
    pub what_to_do: &'a str,
    /// A person has to mend it: a problem of the account's health.
    pub by_hand: bool,
}

/// Nothing was sent, for a reason that a person has to mend, or that passes.
pub fn not_sendable(sending: &Sending, trouble: &Trouble, now: Timestamp) -> Settling {
    let (what_to_do, by_hand, wait) = match trouble {
        Trouble::Settings(_) => {
            ("Mend the setting; sending is tried again every five minutes.", true, Span::minutes(5))
        }
        _ => ("Sending is tried again every half a minute.", false, Span::seconds(30)),
    };
    held(sending, &Rest { said: &trouble.to_string(), what_to_do, by_hand }, wait, now)
}

/// The message is owed as before, and the account rests.
pub fn held(sending: &Sending, rest: &Rest<'_>, wait: Span, now: Timestamp) -> Settling {
    let why = serde_json::to_string(rest).unwrap_or_default();
    Settling {
        statements: vec![
            outbox::owed_again(sending, now, &why),
            accounts::hold(&sending.conversation.account, now + wait, why.clone(), now),
        ],
        ..Settling::default()
    }
}

/// A post whose outcome is not known is posted again: X takes the same text only once, and its refusal is the answer.
pub fn judge_post(sending: &Sending, answer: Result<Response, Trouble>, now: Timestamp) -> Settling {
    let wait = back_off(sending.attempts);
    let again = |wait: Span, owed: Statement| Settling {
        statements: vec![owed],
        wake: Some((Job::Converse { conversation: sending.conversation.clone() }, wait)),
        ..Settling::default()
    };
    let silence = || {
        let why = r#"{"said":"X did not say whether it has the post.","what_to_do":"It is posted again; X takes the same text only once."}"#;
        again(wait, outbox::perhaps_posted(sending, now + wait, why))
    };
    let Ok(response) = answer else { return silence() };
    // Without a try whose outcome is not known, X has it of another post, which said the same.
    if posts::is_duplicate(&response) && sending.looks > 0 {
        let posted = outbox::posted_before(sending, now);
        let statements = std::iter::once(costs::of_sent(sending, now)).chain([posted]).collect();
        return Settling { statements, ..Settling::going_on() };
    }
    let Some((fault, verdict)) = Fault::read(&response, now) else {
        return match posts::created(&response) {
            Some(x_id) => {
                let posted = outbox::sent(&sending.id, x_id.as_str(), now);
                let statements = std::iter::once(costs::of_sent(sending, now)).chain([posted]).collect();
                Settling { statements, ..Settling::going_on() }
            }
            None => silence(),
        };
    };
    let why = serde_json::to_string(&fault).unwrap_or_default();
    match verdict {
        Verdict::Unknown => silence(),
        // Posts may be refused where messages are not: only the post rests or fails.
        Verdict::After(span, _) => {
            let wait = span.max(wait);
            again(wait, outbox::owed_again(sending, now + wait, &why))
        }
        Verdict::SignIn | Verdict::Never(_) => {
            Settling { statements: vec![outbox::failed(sending, &why)], ..Settling::going_on() }
        }
    }
}

fn back_off(attempts: i64) -> Span {
    let last = BACK_OFF.len().saturating_sub(1);
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(last);
    BACK_OFF.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_of_one_message_are_spaced_exactly() {
        let seconds: Vec<i64> = (0..8).map(|n| back_off(n).0 / 1000).collect();
        assert_eq!(seconds, [20, 20, 60, 300, 1200, 3600, 3600, 3600]);
    }
}
