//! How one message of the queue ended.

use crate::error::Trouble;
use crate::job::Outcome;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// With what went wrong on the way, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    pub outcome: Outcome,
    pub troubles: Vec<Trouble>,
    /// The delivery that it was.
    pub brought: Option<Brought>,
}

/// A delivery that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Whose it is, where X names one.
    pub account: Option<UserId>,
    pub items: usize,
    pub bytes: usize,
    pub received_at: Timestamp,
}

impl From<Outcome> for Handled {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, troubles: Vec::new(), brought: None }
    }
}
