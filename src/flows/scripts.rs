//! Scripts by an admin's hand: whether the script is sound, and what became of it.

use serde_json::Value;

use super::media;
use super::publish::{self, Files, Site, Step};
use super::refused::{Refused, find};
use crate::bot::check::check;
use crate::bot::script::Script;
use crate::config::{Config, LIMITS};
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::scripts;

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

/// The latest versions that the account followed, newest first.
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
