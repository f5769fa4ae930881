//! A script brought to an account: what would change, then done, step by step; each step may be repeated.

mod decide;

use std::collections::BTreeMap;

use serde::Serialize;

use decide::{Present, acts, fingerprint, steps};

use super::outgoing::with_data;
use super::send::keys;
use crate::bot::script::Script;
use crate::bot::welcome;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::published::{self, Published};
use crate::store::scripts::{self, Live};
use crate::x_api::fault::Fault;
use crate::x_api::ids::{RuleId, UserId, WelcomeMessageId};
use crate::x_api::oauth1::Credentials;
use crate::x_api::request::{Call, Response};
use crate::x_api::welcome_messages::{self, deep_link};
use crate::x_api::welcome_rules;

/// The hash of each file of a bot's folder, by its name there.
pub type Files = BTreeMap<String, String>;

/// One thing that publishing does, or did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    pub what: &'static str,
    pub name: String,
    pub action: Action,
    /// In words, where the action alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Whether it is done. `None`: planned only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Keep,
    Create,
    Update,
    Delete,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Outcome {
    Done,
    Kept,
    Failed { cause: String, what_to_do: String },
}

/// The account, and what is needed to act for it.
pub struct Site<'a> {
    pub account: &'a Account,
    base: String,
    keys: Credentials,
}

/// Why the account could not be read or changed.
#[derive(Debug)]
pub enum Stopped {
    Trouble(Trouble),
    Fault(Fault),
}

/// Pages of 50 that are read of a list.
const MOST_PAGES: usize = 5;

impl<'a> Site<'a> {
    pub fn new(config: &Config<'_>, account: &'a Account) -> Result<Self, Trouble> {
        let (base, keys) = keys(config, account)?;
        Ok(Self { account, base, keys })
    }

    /// A call as the account, its base address filled in.
    pub async fn ask<P: Platform>(&self, p: &P, call: impl FnOnce(&str) -> Call) -> Result<Response, Stopped> {
        let response = p.send(call(&self.base).signed(&self.keys, &p.nonce(), p.now())).await?;
        match Fault::read(&response, p.now()) {
            Some((fault, _)) => Err(Stopped::Fault(fault)),
            None => Ok(response),
        }
    }
}

/// What publishing this script would change.
pub async fn plan<P: Platform>(p: &P, site: &Site<'_>, script: &Script) -> Result<Vec<Step>, Stopped> {
    let present = present(p, site).await?;
    Ok(steps(script, &site.account.id, &present))
}

/// Changes it. Where one step fails the others go on; running it again does what is left.
pub async fn apply<P: Platform>(p: &P, site: &Site<'_>, script: &Script, media: &Files) -> Result<Vec<Step>, Stopped> {
    // First what answers, since the new welcome messages lead to its nodes.
    let body = serde_json::to_string(script).unwrap_or_default();
    let account = &site.account.id;
    let is_live = live(p, account).await?.is_some_and(|live| live.body == body && live.media() == *media);
    p.sql(vec![
        scripts::insert(account, &script.name, &body, &serde_json::to_string(media).unwrap_or_default(), p.now()),
        scripts::go_live(account, &body, &acts(script), p.now()),
    ])
    .await?;
    let present = present(p, site).await?;
    let mut all = steps(script, account, &present);
    for step in &mut all {
        step.outcome = Some(match (step.what, step.action) {
            ("script", _) => {
                step.action = if is_live { Action::Keep } else { Action::Update };
                if is_live { Outcome::Kept } else { Outcome::Done }
            }
            (_, Action::Keep) => Outcome::Kept,
            ("welcome message", _) => outcome(welcome_message(p, site, script, step, &present).await),
            _ => outcome(rule(p, site, script, step, &present).await),
        });
        if step.what == "welcome message" && step.action != Action::Delete {
            step.link = link(p, account, &step.name).await?;
        }
    }
    Ok(all)
}

/// Makes an earlier version live again; `false`: there is none of this number.
pub async fn rollback<P: Platform>(p: &P, account: &UserId, version: i64) -> Result<Option<(Script, Files)>, Trouble> {
    let rows = p.sql(vec![scripts::version(account, version)]).await?;
    let Some(old) = rows.into_iter().next().unwrap_or_default().first::<Live>()? else { return Ok(None) };
    Script::read_json(&old.body)
        .map(|script| Some((script, old.media())))
        .map_err(|error| Trouble::Settings(format!("version {version} cannot be read: {error}")))
}

async fn present<P: Platform>(p: &P, site: &Site<'_>) -> Result<Present, Stopped> {
    let account = &site.account.id;
    let mut rows = p.sql(vec![scripts::live(account), published::of(account)]).await?.into_iter();
    let live = rows.next().unwrap_or_default().first().map_err(Trouble::from)?;
    let published = rows.next().unwrap_or_default().all().map_err(Trouble::from)?;
    let mut welcome = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let response = site.ask(p, |base| welcome_messages::list(base, cursor.as_deref())).await?;
        let (page, next) = welcome_messages::page(&response).map_err(unreadable)?;
        welcome.extend(page);
        cursor = next.filter(|next| next != "0");
        if cursor.is_none() {
            break;
        }
    }
    let response = site.ask(p, welcome_rules::list).await?;
    let rules = welcome_rules::all(&response).map_err(unreadable)?;
    Ok(Present { live, published, welcome, rules })
}

async fn welcome_message<P: Platform>(
    p: &P,
    site: &Site<'_>,
    script: &Script,
    step: &Step,
    present: &Present,
) -> Result<(), Stopped> {
    let account = &site.account.id;
    let made = present.made("welcome", &step.name);
    let id = match step.action {
        Action::Delete => {
            if let Some(made) = made {
                match site.ask(p, |base| welcome_messages::delete(base, &made.x_id.as_str().into())).await {
                    // Gone already is as good.
                    Err(Stopped::Fault(fault)) if fault.code == Some(34) => {}
                    other => drop(other?),
                }
            }
            p.sql(vec![published::forget(account, "welcome", &step.name)]).await?;
            return Ok(());
        }
        Action::Update => {
            let id: WelcomeMessageId = made.map(|made| made.x_id.clone()).unwrap_or_default().into();
            let Some(message) = welcome::message(script, &step.name) else { return Ok(()) };
            site.ask(p, |base| with_data(&message, None, |data| welcome_messages::update(base, &id, data))).await?;
            id
        }
        Action::Create | Action::Keep => {
            let Some(message) = welcome::message(script, &step.name) else { return Ok(()) };
            match present.lost(&message) {
                // X has it from a run that ended before it was written down.
                Some(id) => id,
                None => {
                    let made =
                        |base: &str| with_data(&message, None, |data| welcome_messages::new(base, &step.name, data));
                    let response = site.ask(p, made).await?;
                    welcome_messages::made(&response)
                        .ok_or_else(|| Trouble::Network("X's answer names no id".to_owned()))?
                }
            }
        }
    };
    let made = Published {
        kind: "welcome".to_owned(),
        name: step.name.clone(),
        x_id: id.to_string(),
        fingerprint: fingerprint(script, &step.name),
    };
    p.sql(vec![published::keep(account, &made, p.now())]).await?;
    Ok(())
}

async fn rule<P: Platform>(
    p: &P,
    site: &Site<'_>,
    script: &Script,
    step: &Step,
    present: &Present,
) -> Result<(), Stopped> {
    for old in &present.rules {
        let old: &RuleId = &old.id;
        site.ask(p, |base| welcome_rules::delete(base, old)).await?;
    }
    let Some(name) = script.default_welcome.as_ref().filter(|_| step.action != Action::Delete) else { return Ok(()) };
    let rows = p.sql(vec![published::named(&site.account.id, "welcome", name)]).await?;
    let made: Option<Published> = rows.into_iter().next().unwrap_or_default().first().map_err(Trouble::from)?;
    let made = made.ok_or_else(|| Trouble::Network(format!("the welcome message '{name}' is not on X")))?;
    site.ask(p, |base| welcome_rules::new(base, &made.x_id.as_str().into())).await?;
    Ok(())
}

async fn live<P: Platform>(p: &P, account: &UserId) -> Result<Option<Live>, Trouble> {
    let rows = p.sql(vec![scripts::live(account)]).await?;
    Ok(rows.into_iter().next().unwrap_or_default().first()?)
}

async fn link<P: Platform>(p: &P, account: &UserId, name: &str) -> Result<Option<String>, Trouble> {
    let rows = p.sql(vec![published::named(account, "welcome", name)]).await?;
    let made: Option<Published> = rows.into_iter().next().unwrap_or_default().first()?;
    Ok(made.map(|made| deep_link(account, Some(&made.x_id.as_str().into()))))
}

impl Step {
    fn new(what: &'static str, name: &str, action: Action) -> Self {
        Self { what, name: name.to_owned(), action, note: None, link: None, outcome: None }
    }

    pub fn failed(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Failed { .. }))
    }
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Stopped {
    /// Cause and mend.
    pub fn said(&self) -> (String, String) {
        match self {
            Self::Trouble(trouble) => (trouble.to_string(), "Run it again; what is done stays done.".to_owned()),
            Self::Fault(fault) => (fault.said.clone(), fault.what_to_do.to_string()),
        }
    }
}

fn outcome(result: Result<(), Stopped>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(stopped) => {
            let (cause, what_to_do) = stopped.said();
            Outcome::Failed { cause, what_to_do }
        }
    }
}

fn unreadable(error: crate::x_api::event::Unreadable) -> Stopped {
    Stopped::Trouble(Trouble::Network(error.0.to_owned()))
}
