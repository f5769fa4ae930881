//! The two dialects in which an account speaks: rich (v1.1) and plain (v2).

use serde::{Deserialize, Serialize};

use super::dm::Page;
use super::event::Unreadable;
use super::fault::Fault;
use super::ids::DmId;
use super::request::{Call, Response};
use super::{dm, dm_v2};

/// Enough to find what was sent a moment ago, since v2 bills each message that is read.
const FEW: u32 = 20;

/// Whether X refuses the dialect rather than the message: the endpoint is closed to this app or account, or gone.
pub fn refuses_dialect(fault: &Fault) -> bool {
    match (fault.status, fault.code) {
        (_, Some(453)) => true,
        (404 | 410, None | Some(34)) => !fault.is_page,
        (403, None) => !fault.is_page && !fault.said.contains("permission to DM"),
        _ => false,
    }
}

/// See [X docs: Direct Messages](https://docs.x.com/x-api/direct-messages/introduction) for what v2 has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaks {
    /// Options, buttons, profiles, welcome messages, typing, read receipts.
    #[default]
    Rich,
    /// A text and one file.
    Plain,
}

impl Speaks {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rich => "rich",
            Self::Plain => "plain",
        }
    }

    /// A page of the account's latest messages: of the last few, or as many as X gives at once.
    pub fn list(self, base: &str, few: bool, cursor: Option<&str>) -> Call {
        match self {
            Self::Rich => dm::list(base, cursor),
            Self::Plain => dm_v2::list(base, if few { FEW } else { 100 }, cursor),
        }
    }

    pub fn page(self, response: &Response) -> Result<Page, Unreadable> {
        match self {
            Self::Rich => Page::read(response),
            Self::Plain => dm_v2::page(response),
        }
    }

    /// X's id for the message it has just accepted.
    pub fn sent(self, response: &Response) -> Option<DmId> {
        match self {
            Self::Rich => dm::sent(response),
            Self::Plain => dm_v2::sent(response),
        }
    }

    pub fn show(self, base: &str, id: &DmId) -> Call {
        match self {
            Self::Rich => dm::show(base, id),
            Self::Plain => dm_v2::show(base, id),
        }
    }

    pub fn delete(self, base: &str, id: &DmId) -> Call {
        match self {
            Self::Rich => dm::delete(base, id),
            Self::Plain => dm_v2::delete(base, id),
        }
    }
}
