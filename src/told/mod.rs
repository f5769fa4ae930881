//! What is told of the work: one line for each delivery, job, turn, message and sweep, of ids, numbers and words of ours.

mod fields;
mod point;
#[cfg(test)]
mod tests;

use crate::x_api::time::{Span, Timestamp};

/// A line of the log, and a point of the metrics. No field takes a text: what somebody wrote, a token or a name cannot get in.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Delivery(Delivery),
    Job(Job),
    Turn(Turn),
    Message(Message),
    Sweep(Sweep),
}

/// An id of X's, or the name of a row of ours. What is no such thing is told as `?`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Id(String);

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ms(i64);

/// What became of a POST from X. The door tells only what goes another way than all others; the rest is told once it is handled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// `handled`, `again` or `dead`; at the door `unwanted`, `split`, `spilled` or `refused`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub why: Option<&'static str>,
    pub account: Option<Id>,
    /// Of the queue message that brought it.
    pub job: Option<Id>,
    pub attempts: Option<u32>,
    /// Queue messages that it was cut into.
    pub parts: Option<usize>,
    pub items: Option<usize>,
    pub bytes: Option<usize>,
    /// From X's POST until somebody took it up.
    pub waited: Option<Ms>,
    /// What it took from then on, with all that followed from it.
    pub took: Option<Ms>,
    /// Refused ones that no line was told of since the last.
    pub left_out: Option<usize>,
}

/// One a second, and a count of the others.
#[derive(Debug, Default)]
pub struct Seldom {
    last: Timestamp,
    left_out: usize,
}

/// What became of a queue message that brought no delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// `done`, `again` or `dead`.
    pub outcome: &'static str,
    pub kind: &'static str,
    pub job: Id,
    pub account: Option<Id>,
    pub attempts: u32,
    pub took: Ms,
}

/// A row of `turns`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    pub account: Id,
    pub customer: Id,
    pub number: i64,
    pub cause: Id,
    pub by: Id,
    /// Where the conversation stands then.
    pub node: Option<Id>,
    /// Rows of `outbox` that it wrote.
    pub messages: usize,
    /// Since the customer wrote, by X's clock.
    pub since_written: Option<Ms>,
}

/// What became of a row of `outbox`, each time that something does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// `sent`, `failed`, `doubtful`, `dropped` or `joined`: for good. `owed again`, `unknown`: not yet.
    pub outcome: &'static str,
    pub kind: &'static str,
    pub id: Id,
    pub account: Id,
    pub customer: Id,
    /// `bot` or `human`.
    pub by: Id,
    pub x_id: Option<Id>,
    /// HTTP's status of X's refusal, and X's code (v1.1) or its name of it (v2).
    pub status: Option<i64>,
    pub code: Option<i64>,
    pub refusal: Option<Id>,
    pub attempts: i64,
    /// Since it was owed.
    pub since_owed: Ms,
    /// What X's answer to the last call took.
    pub call: Option<Ms>,
    /// Of the first message of an answer: since the customer wrote, by X's clock, and since X delivered that.
    pub since_written: Option<Ms>,
    pub since_received: Option<Ms>,
}

/// What the cron took up that nobody had finished. One that finds nothing tells nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    pub jobs: usize,
    pub conversations: usize,
    pub in_doubt: usize,
    pub files: usize,
    pub replays: usize,
    pub look_ups: usize,
    pub tokens: usize,
    pub spilled: usize,
    pub took: Ms,
}

/// Longer than any id or name of a row, shorter than what would be worth taking along.
const LONGEST: usize = 160;

impl Seldom {
    pub const fn new() -> Self {
        Self { last: Timestamp(0), left_out: 0 }
    }

    /// How many were left out since the last; `None`: this one is too.
    pub fn next(&mut self, now: Timestamp) -> Option<usize> {
        if now - self.last < Span::seconds(1) {
            self.left_out += 1;
            return None;
        }
        self.last = now;
        Some(std::mem::take(&mut self.left_out))
    }
}

impl Id {
    pub fn of(text: &str) -> Self {
        let fits = |c: char| c.is_ascii_alphanumeric() || ":/._-".contains(c);
        let is_id = !text.is_empty() && text.len() <= LONGEST && text.chars().all(fits);
        Self(if is_id { text.to_owned() } else { "?".to_owned() })
    }
}

impl From<Span> for Ms {
    /// Two clocks may differ: nothing is told to have taken less than nothing.
    fn from(span: Span) -> Self {
        Self(span.0.max(0))
    }
}
