//! An account leaves: what stands on X in its name because of us is taken back, as far as X lets us.

use super::keys::{self, Keys};
use super::refresh;
use super::report::{Report, StepResult};
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::published::{self, Published};
use crate::x_api::request::Call;
use crate::x_api::signer::Signer;
use crate::x_api::welcome_rules::Rule;
use crate::x_api::{custom_profiles, sign_in, welcome_messages, welcome_rules};

/// None of it keeps the account here: what X refuses is told, and stays on X.
pub async fn take_back<P: Platform>(p: &P, config: &Config<'_>, account: &Account, report: &mut Report) {
    // X takes nothing of whoever took our access away.
    let Ok(keys) = keys::of(p, config, account).await else { return };
    let unpublished = match published(p, account).await {
        Ok(all) if all.is_empty() => None,
        Ok(all) => Some(unpublish(p, &keys, &all).await),
        Err(trouble) => Some(Err(trouble.into())),
    };
    if let Some(done) = unpublished {
        told(report, "take its welcome messages and profiles off X", done);
    }
    if let Signer::OAuth1(_) = keys.signer {
        told(report, "make its tokens invalid on X", keys.ask(p, sign_in::invalidate(&keys.base)).await.map(drop));
    }
    if account.oauth2.is_some() {
        told(report, "take its sign-in with OAuth 2.0 back", refresh::revoke(p, config, account).await);
    }
}

fn told(report: &mut Report, step: &str, done: Result<(), Stopped>) {
    match done {
        Ok(()) => report.step(step, StepResult::Done),
        Err(stopped) => report.step(format!("not done: {step} ({})", stopped.said().0), StepResult::Kept),
    }
}

async fn published<P: Platform>(p: &P, account: &Account) -> Result<Vec<Published>, Trouble> {
    p.all(published::of(&account.id)).await
}

/// The rule first: what it points at cannot go before it.
async fn unpublish<P: Platform>(p: &P, keys: &Keys, all: &[Published]) -> Result<(), Stopped> {
    let is_ours = |id: &str| all.iter().any(|made| made.kind == "welcome" && made.x_id == id);
    let pages = keys.pages(p, welcome_rules::list).await?;
    let rules: Vec<Rule> = pages.iter().filter_map(|page| welcome_rules::all(page).ok()).flatten().collect();
    for rule in rules.iter().filter(|rule| is_ours(rule.welcome_message.as_str())) {
        gone(p, keys, welcome_rules::delete(&keys.base, &rule.id)).await?;
    }
    for made in all {
        let call = match made.kind.as_str() {
            "welcome" => welcome_messages::delete(&keys.base, &made.x_id.as_str().into()),
            _ => custom_profiles::delete(&keys.base, &made.x_id.as_str().into()),
        };
        gone(p, keys, call).await?;
    }
    Ok(())
}

/// Gone already is as good.
async fn gone<P: Platform>(p: &P, keys: &Keys, call: Call) -> Result<(), Stopped> {
    match keys.ask(p, call).await {
        Err(stopped) if stopped.is_not_there() => Ok(()),
        other => other.map(drop),
    }
}
