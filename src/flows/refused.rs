//! Why what somebody asked for was not done; first of all, because it is not clear of which account.

use super::stopped::Stopped;
use crate::bot::check::Mistake;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};

/// Why nothing was done.
#[derive(Debug)]
pub enum Refused {
    NoAccount,
    /// Several accounts, and none was named.
    WhichAccount,
    NoScript(String),
    Mistakes(Vec<Mistake>),
    NoVersion(i64),
    /// The account has no webhook: connecting it did not come to its end.
    NotConnected,
    /// Somebody else has the conversation: their name.
    Held(String),
    /// Nobody has it.
    NotHeld,
    NoAgent,
    /// What was given is no id of somebody else on X.
    NoCustomer,
    /// Another agent logs in with this name.
    Taken(String),
    /// X takes a file without words only in plain.
    NoWords,
    /// Others wrote to the same conversation again and again.
    Busy,
    /// Files of the script that were not brought here.
    MissingFiles(Vec<String>),
    Stopped(Stopped),
}

impl<T: Into<Stopped>> From<T> for Refused {
    fn from(stopped: T) -> Self {
        Self::Stopped(stopped.into())
    }
}

/// The account that is meant.
pub async fn find<P: Platform>(p: &P, name: Option<&str>) -> Result<Account, Refused> {
    let name = name.map(|name| name.trim_start_matches('@'));
    let mut found: Vec<Account> = p.all(accounts::find(name)).await?;
    if found.len() > 1 {
        return Err(Refused::WhichAccount);
    }
    found.pop().ok_or(Refused::NoAccount)
}
