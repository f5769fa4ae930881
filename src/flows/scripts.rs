//! Scripts by an admin's hand: which account is meant, whether the script is sound, and what became of it.

use serde_json::Value;

use super::media;
use super::publish::{self, Files, Site, Step, Stopped};
use crate::bot::check::{Mistake, check};
use crate::bot::script::Script;
use crate::config::{Config, LIMITS};
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::scripts;

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Plan,
    Apply,
}

pub async fn publish<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    script: &Value,
    files: &Files,
    mode: Mode,
) -> Result<Vec<Step>, Refused> {
    let account = find(p, account).await?;
    let script = sound(script)?;
    let missing = media::missing(p, files.values().cloned().collect()).await?;
    if mode == Mode::Apply && !missing.is_empty() {
        return Err(Refused::MissingFiles(
            files.iter().filter(|(_, hash)| missing.contains(hash)).map(|(name, _)| name.clone()).collect(),
        ));
    }
    run(p, config, &account, &script, files, mode).await
}

/// An earlier version, published again.
pub async fn rollback<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    version: i64,
) -> Result<Vec<Step>, Refused> {
    let account = find(p, account).await?;
    let (script, files) = publish::rollback(p, &account.id, version).await?.ok_or(Refused::NoVersion(version))?;
    run(p, config, &account, &script, &files, Mode::Apply).await
}

/// Every version that the account followed, newest first.
pub async fn all<P: Platform>(p: &P, account: Option<&str>) -> Result<Vec<Value>, Refused> {
    let account = find(p, account).await?;
    Ok(p.rows(scripts::all(&account.id)).await?.0)
}

async fn run<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    script: &Script,
    files: &Files,
    mode: Mode,
) -> Result<Vec<Step>, Refused> {
    let site = Site::open(p, config, account).await?;
    let steps = match mode {
        Mode::Plan => publish::plan(p, &site, script, files).await?,
        Mode::Apply => publish::apply(p, &site, script, files).await?,
    };
    Ok(steps)
}

fn sound(script: &Value) -> Result<Script, Refused> {
    let script = Script::read_json(&script.to_string()).map_err(Refused::NoScript)?;
    let mistakes = check(&script, &LIMITS);
    if mistakes.is_empty() { Ok(script) } else { Err(Refused::Mistakes(mistakes)) }
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
