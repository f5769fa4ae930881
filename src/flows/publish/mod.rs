//! A script brought to an account: what would change, then done, step by step; each step may be repeated.

mod decide;
mod greeting;
mod hearing;
mod picture;
mod profiles;
mod settings;

use std::collections::BTreeMap;

use serde::Serialize;

use decide::{Present, acts, steps};

pub use super::stopped::Stopped;

use super::keys::{self, Keys};
use crate::bot::script::Script;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::published::{self, Published};
use crate::store::scripts::{self, Live};
use crate::x_api::custom_profiles;
use crate::x_api::dialect::Speaks;
use crate::x_api::event::Unreadable;
use crate::x_api::ids::{RuleId, UserId};
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
    Failed {
        cause: String,
        what_to_do: String,
    },
    /// It goes on by itself; running it again after so long ends it.
    Waiting {
        cause: String,
        what_to_do: String,
        seconds: i64,
    },
}

/// The account, and what is needed to act for it.
pub struct Site<'a> {
    pub account: &'a Account,
    keys: Keys,
    config: &'a Config<'a>,
}

impl<'a> Site<'a> {
    pub async fn open<P: Platform>(p: &P, config: &'a Config<'a>, account: &'a Account) -> Result<Self, Trouble> {
        Ok(Self { account, keys: keys::of(p, config, account).await?, config })
    }

    /// A call as the account, its base address filled in.
    pub async fn ask<P: Platform>(&self, p: &P, call: impl FnOnce(&str) -> Call) -> Result<Response, Stopped> {
        self.keys.ask(p, call(&self.keys.base)).await
    }
}

/// What publishing this script would change.
pub async fn plan<P: Platform>(p: &P, site: &Site<'_>, script: &Script, files: &Files) -> Result<Vec<Step>, Stopped> {
    let present = present(p, site, script).await?;
    Ok(noted(steps(script, files, &site.account.id, &present), site, script))
}

/// Changes it. Where one step fails the others go on; running it again does what is left.
pub async fn apply<P: Platform>(p: &P, site: &Site<'_>, script: &Script, files: &Files) -> Result<Vec<Step>, Stopped> {
    // First what answers, since the new welcome messages lead to its nodes.
    let body = serde_json::to_string(script).unwrap_or_default();
    let account = &site.account.id;
    let is_live = live(p, account).await?.is_some_and(|live| live.body == body && live.media() == *files);
    p.sql(vec![
        scripts::insert(account, &script.name, &body, &serde_json::to_string(files).unwrap_or_default(), p.now()),
        scripts::go_live(account, &body, &acts(script), p.now()),
    ])
    .await?;
    let present = present(p, site, script).await?;
    let mut all = noted(steps(script, files, account, &present), site, script);
    let mut waits: Option<Outcome> = None;
    for step in &mut all {
        step.outcome = Some(match (step.what, step.action) {
            ("script", _) => {
                step.action = if is_live { Action::Keep } else { Action::Update };
                if is_live { Outcome::Kept } else { Outcome::Done }
            }
            (_, Action::Keep) => Outcome::Kept,
            ("profile", _) => {
                let old = present.made("profile", &step.name).filter(|_| step.action != Action::Create);
                outcome(profiles::profile(p, site, script, files, step, old).await)
            }
            ("welcome message", _) => outcome(greeting::welcome_message(p, site, script, files, step, &present).await),
            // A rule stands on its message.
            _ => match &waits {
                Some(waits) => waits.clone(),
                None => outcome(rule(p, site, script, step, &present).await),
            },
        });
        if step.is_waiting() && Some(&step.name) == script.default_welcome.as_ref() {
            waits = step.outcome.clone();
        }
        if step.what == "welcome message" && step.action != Action::Delete {
            step.link = link(p, account, &step.name).await?;
        }
    }
    all.extend(hearing::ensure(p, site, script, &acts(script)).await);
    Ok(all)
}

/// What the script does not find in the settings stands beside it.
fn noted(mut steps: Vec<Step>, site: &Site<'_>, script: &Script) -> Vec<Step> {
    if let Some(step) = steps.first_mut() {
        step.note = settings::missing(script, site.config);
    }
    steps
}

/// Makes an earlier version live again; `false`: there is none of this number.
pub async fn rollback<P: Platform>(p: &P, account: &UserId, version: i64) -> Result<Option<(Script, Files)>, Trouble> {
    let Some(old) = p.first::<Live>(scripts::version(account, version)).await? else { return Ok(None) };
    Script::read_json(&old.body)
        .map(|script| Some((script, old.media())))
        .map_err(|error| Trouble::Settings(format!("version {version} cannot be read: {error}")))
}

async fn present<P: Platform>(p: &P, site: &Site<'_>, script: &Script) -> Result<Present, Stopped> {
    let account = &site.account.id;
    let [live, published] = p.each([scripts::live(account), published::of(account)]).await?;
    let live = live.first().map_err(Trouble::from)?;
    let published = published.all().map_err(Trouble::from)?;
    let speaks = site.account.speaks;
    if speaks == Speaks::Plain {
        return Ok(Present { speaks, live, published, welcome: Vec::new(), rules: Vec::new(), profiles: Vec::new() });
    }
    let welcome = each(&site.keys.pages(p, welcome_messages::list).await?, welcome_messages::all)?;
    let rules = each(&site.keys.pages(p, welcome_rules::list).await?, welcome_rules::all)?;
    let published: Vec<Published> = published;
    // Accounts that X has not allowed profiles are refused even the list: then there are none.
    let profiles = if script.profiles.is_empty() && published.iter().all(|made| made.kind != "profile") {
        Vec::new()
    } else {
        match site.keys.pages(p, custom_profiles::list).await {
            Ok(pages) => each(&pages, custom_profiles::all)?,
            Err(Stopped::Fault(fault)) if matches!(fault.status, 403 | 404) => Vec::new(),
            Err(stopped) => return Err(stopped),
        }
    };
    Ok(Present { speaks, live, published, welcome, rules, profiles })
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
        match site.ask(p, |base| welcome_rules::delete(base, old)).await {
            // It goes with its welcome message: gone already is as good.
            Err(stopped) if stopped.is_not_there() => {}
            other => drop(other?),
        }
    }
    let Some(name) = script.default_welcome.as_ref().filter(|_| step.action != Action::Delete) else { return Ok(()) };
    let made: Option<Published> = p.first(published::named(&site.account.id, "welcome", name)).await?;
    let made = made.ok_or_else(|| Trouble::Network(format!("the welcome message '{name}' is not on X")))?;
    site.ask(p, |base| welcome_rules::new(base, &made.x_id.as_str().into())).await?;
    Ok(())
}

async fn live<P: Platform>(p: &P, account: &UserId) -> Result<Option<Live>, Trouble> {
    p.first(scripts::live(account)).await
}

async fn link<P: Platform>(p: &P, account: &UserId, name: &str) -> Result<Option<String>, Trouble> {
    let made: Option<Published> = p.first(published::named(account, "welcome", name)).await?;
    Ok(made.map(|made| deep_link(account, Some(&made.x_id.as_str().into()))))
}

impl Step {
    fn new(what: &'static str, name: &str, action: Action) -> Self {
        Self { what, name: name.to_owned(), action, note: None, link: None, outcome: None }
    }

    pub fn is_waiting(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Waiting { .. }))
    }

    pub fn failed(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Failed { .. }))
    }
}

fn outcome(result: Result<(), Stopped>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(stopped) => {
            let (cause, what_to_do) = stopped.said();
            match stopped {
                Stopped::Waits(_, span) => Outcome::Waiting { cause, what_to_do, seconds: span.0 / 1000 },
                _ => Outcome::Failed { cause, what_to_do },
            }
        }
    }
}

/// What stands on the pages of a list.
fn each<T>(pages: &[Response], read: fn(&Response) -> Result<Vec<T>, Unreadable>) -> Result<Vec<T>, Trouble> {
    let all: Result<Vec<Vec<T>>, Unreadable> = pages.iter().map(read).collect();
    Ok(all.map_err(|error| Trouble::Network(error.0.to_owned()))?.into_iter().flatten().collect())
}
