//! One note on the queue. Versioned and tagged: variants are added, and fields that may be missing; nothing else changes,
//! since old ones are in flight during a deploy.

use serde::{Deserialize, Serialize};

use crate::store::conversations::ConversationId;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job")]
pub enum Job {
    /// A verified delivery, as text.
    #[serde(rename = "delivery.v1")]
    Delivery { received_at: Timestamp, body: String },
    /// A delivery that stands in `spill`.
    #[serde(rename = "spilled.v1")]
    Spilled { id: String },
    /// A conversation has events to handle or messages to send.
    #[serde(rename = "converse.v1")]
    Converse {
        #[serde(flatten)]
        conversation: ConversationId,
    },
    /// An account has messages whose outcome is not known.
    #[serde(rename = "settle.v1")]
    Settle { account: UserId },
    /// A file of a bot is to be brought to X, or is on its way.
    #[serde(rename = "upload.v1")]
    Upload { account: UserId, sha256: String },
    /// Minutes that X is asked to deliver again are due.
    #[serde(rename = "replay.v1")]
    Replay { id: String },
    /// An account's own list of messages is read back to a moment, one page.
    #[serde(rename = "look_up.v1")]
    LookUp { account: UserId, from: Timestamp },
    /// What a worker still wrote for an account while it was disconnected is deleted.
    #[serde(rename = "forget.v1")]
    Forget { account: UserId },
    /// X has sent a challenge that it signed.
    #[serde(rename = "challenged.v1")]
    Challenged { at: Timestamp },
    /// From then on deliveries had to be refused, since nothing took them.
    #[serde(rename = "refused.v1")]
    Refused { since: Timestamp },
    /// The tokens of an account end soon.
    #[serde(rename = "refresh.v1")]
    Refresh { account: UserId },
    /// X gave an account new tokens, and the database did not take them. Sealed; `former` are those that they replace.
    #[serde(rename = "renewed.v1")]
    Renewed {
        account: UserId,
        former: String,
        sealed: String,
        until: Timestamp,
        /// Of the worker that asked X. Jobs of an earlier version have none.
        #[serde(default)]
        claim: String,
    },
    /// The timer of a handoff. Does nothing when the handoff has changed since.
    #[serde(rename = "handoff.v1")]
    Handoff {
        #[serde(flatten)]
        conversation: ConversationId,
        generation: i64,
    },
    /// An account may send again. Does nothing when another generation is under way.
    #[serde(rename = "drain.v1")]
    Drain { account: UserId, generation: i64 },
}

/// A job, and how long the queue keeps it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    pub job: Job,
    pub delay_seconds: u32,
}

/// How work on one queue message ends. Every message ends in one of the three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    RetryIn(u32),
    /// It will never succeed; the reason is kept.
    Dead(String),
}

/// The longest delay that is asked of the queue: Cloudflare's documents disagree above it. A later row re-arms.
const LONGEST_DELAY: Span = Span::hours(12);

impl Job {
    /// As it is written.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Delivery { .. } => "delivery.v1",
            Self::Spilled { .. } => "spilled.v1",
            Self::Converse { .. } => "converse.v1",
            Self::Settle { .. } => "settle.v1",
            Self::Upload { .. } => "upload.v1",
            Self::Replay { .. } => "replay.v1",
            Self::LookUp { .. } => "look_up.v1",
            Self::Forget { .. } => "forget.v1",
            Self::Challenged { .. } => "challenged.v1",
            Self::Refused { .. } => "refused.v1",
            Self::Refresh { .. } => "refresh.v1",
            Self::Renewed { .. } => "renewed.v1",
            Self::Handoff { .. } => "handoff.v1",
            Self::Drain { .. } => "drain.v1",
        }
    }

    /// Whose it is, where it says so.
    pub fn account(&self) -> Option<&UserId> {
        match self {
            Self::Converse { conversation } | Self::Handoff { conversation, .. } => Some(&conversation.account),
            Self::Settle { account }
            | Self::Upload { account, .. }
            | Self::LookUp { account, .. }
            | Self::Forget { account }
            | Self::Refresh { account }
            | Self::Renewed { account, .. }
            | Self::Drain { account, .. } => Some(account),
            Self::Delivery { .. }
            | Self::Spilled { .. }
            | Self::Replay { .. }
            | Self::Challenged { .. }
            | Self::Refused { .. } => None,
        }
    }

    pub fn now(self) -> Queued {
        Queued { job: self, delay_seconds: 0 }
    }

    pub fn after(self, delay: Span) -> Queued {
        Queued { job: self, delay_seconds: delay.min(LONGEST_DELAY).as_delay() }
    }
}

/// Seconds until the next try of a queue message that has been tried `attempts` times. A hundred tries outlast the
/// queue's retention of four days, so trouble never exhausts a message.
pub fn back_off(attempts: u32) -> u32 {
    const CAP: u32 = 4500;
    match attempts {
        0..=7 => 5_u32.saturating_mul(3_u32.saturating_pow(attempts.saturating_sub(1))).min(CAP),
        _ => CAP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delays_grow_and_outlast_the_retention() {
        let schedule: Vec<u32> = (1..=9).map(back_off).collect();
        assert_eq!(schedule, [5, 15, 45, 135, 405, 1215, 3645, 4500, 4500]);
        let all: u32 = (1..=100).map(back_off).sum();
        assert!(all > 4 * 24 * 3600, "{all}");
    }

    #[test]
    fn a_job_is_written_the_way_it_always_was() {
        let conversation = ConversationId { account: "1".into(), customer: "2".into() };
        for (job, json) in [
            (
                Job::Delivery { received_at: Timestamp(5), body: "{}".to_owned() },
                r#"{"job":"delivery.v1","received_at":5,"body":"{}"}"#,
            ),
            (Job::Spilled { id: "a".to_owned() }, r#"{"job":"spilled.v1","id":"a"}"#),
            (Job::Converse { conversation }, r#"{"job":"converse.v1","account_id":"1","customer_id":"2"}"#),
            (Job::Settle { account: "1".into() }, r#"{"job":"settle.v1","account":"1"}"#),
            (
                Job::Upload { account: "1".into(), sha256: "ab".to_owned() },
                r#"{"job":"upload.v1","account":"1","sha256":"ab"}"#,
            ),
            (Job::Replay { id: "a".to_owned() }, r#"{"job":"replay.v1","id":"a"}"#),
            (Job::LookUp { account: "1".into(), from: Timestamp(5) }, r#"{"job":"look_up.v1","account":"1","from":5}"#),
            (Job::Forget { account: "1".into() }, r#"{"job":"forget.v1","account":"1"}"#),
            (Job::Challenged { at: Timestamp(5) }, r#"{"job":"challenged.v1","at":5}"#),
            (Job::Refused { since: Timestamp(5) }, r#"{"job":"refused.v1","since":5}"#),
            (Job::Refresh { account: "1".into() }, r#"{"job":"refresh.v1","account":"1"}"#),
            (
                Job::Renewed {
                    account: "1".into(),
                    former: "a".to_owned(),
                    sealed: "b".to_owned(),
                    until: Timestamp(5),
                    claim: "c".to_owned(),
                },
                r#"{"job":"renewed.v1","account":"1","former":"a","sealed":"b","until":5,"claim":"c"}"#,
            ),
            (
                Job::Handoff {
                    conversation: ConversationId { account: "1".into(), customer: "2".into() },
                    generation: 4,
                },
                r#"{"job":"handoff.v1","account_id":"1","customer_id":"2","generation":4}"#,
            ),
            (Job::Drain { account: "1".into(), generation: 3 }, r#"{"job":"drain.v1","account":"1","generation":3}"#),
        ] {
            assert!(json.contains(&format!("\"job\":\"{}\"", job.kind())), "{json}");
            assert_eq!(serde_json::to_string(&job).unwrap(), json);
            assert_eq!(serde_json::from_str::<Job>(json).unwrap(), job);
            // As an earlier version wrote it.
            let former = json.replace(r#","claim":"c""#, "");
            assert_eq!(serde_json::from_str::<Job>(&former).unwrap().kind(), job.kind());
        }
    }
}
