//! Trouble: the platform failed us. It is never the fault of an event or a message, and never spends one.

use std::fmt;

use crate::store::statement::Misshapen;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Somebody else wrote that row first: load again and decide anew.
    Conflict(String),
    /// D1 did not answer, or not with what was asked for. The batch may have been applied.
    Storage(String),
    /// The queue did not confirm. The job may be queued.
    Queue(String),
    /// A call did not come back. It may have had its effect.
    Network(String),
    /// A setting is missing or unusable.
    Settings(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(what) => write!(f, "conflict: {what}"),
            Self::Storage(what) => write!(f, "storage: {what}"),
            Self::Queue(what) => write!(f, "queue: {what}"),
            Self::Network(what) => write!(f, "network: {what}"),
            Self::Settings(what) => write!(f, "settings: {what}"),
        }
    }
}

impl From<Misshapen> for Trouble {
    fn from(row: Misshapen) -> Self {
        Self::Storage(format!("a row of another shape: {}", row.0))
    }
}
