//! An account connected in one call: tokens stored, webhook registered or repaired, account subscribed.
//!
//! Every step can be repeated, so the call can: what is there already is kept.

use serde::Deserialize;

use super::desk::Desk;
use super::keys::Keys;
use super::report::{Connected, Report, StepResult};
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::{hearing, probe, subscriptions, webhooks, whose};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::seal::{self, Tokens};
use crate::store::accounts::{Account, Held};
use crate::store::{accounts, budgets, inbox};
use crate::x_api::accounts::{Access, Profile};
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::UserId;
use crate::x_api::secret::Secret;
use crate::x_api::signer::Signer;
use crate::x_api::time::Span;

/// What is asked for. The field names of the connector guide are accepted beside our own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(alias = "ACCESS-TOKEN")]
    pub access_token: Secret,
    #[serde(alias = "ACCESS-TOKEN-SECRET")]
    pub access_token_secret: Secret,
    #[serde(default, alias = "ENVIRONMENT-NAME")]
    pub environment: Option<String>,
    #[serde(default, alias = "WEBHOOK-URL")]
    pub webhook_url: Option<String>,
    /// The deployment's own, or absent: one X app per deployment.
    #[serde(default, alias = "API-KEY")]
    pub consumer_key: Option<Secret>,
    #[serde(default, alias = "API-KEY-SECRET")]
    pub consumer_secret: Option<Secret>,
}

impl Ask {
    /// These tokens, and everything else as the deployment has it.
    pub fn of(access_token: Secret, access_token_secret: Secret) -> Self {
        Self {
            access_token,
            access_token_secret,
            environment: None,
            webhook_url: None,
            consumer_key: None,
            consumer_secret: None,
        }
    }
}

/// Why nothing was tried at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The body names another X app than this deployment's.
    AnotherApp,
}

/// Messages in a day that X allows an app, and so no account of it can exceed. X's own answers are the last word: the
/// lower limit of an account does not count replies.
const A_DAYS_MESSAGES: i64 = 15_000;

/// `origin` is the scheme and host that the call itself came to: the default of the webhook's address.
pub async fn connect<P: Platform>(p: &P, config: &Config<'_>, ask: &Ask, origin: &str) -> Result<Report, Refused> {
    let mut report = Report::default();
    let opened = config.product(ask.environment.as_deref()).and_then(|product| Desk::open(p, config, product));
    let desk = match opened {
        Ok(desk) => desk,
        Err(trouble) => {
            report.step("settings", Stopped::from(trouble).into());
            return Ok(report);
        }
    };
    let differs = |given: &Option<Secret>, ours: &Secret| given.as_ref().is_some_and(|given| given != ours);
    if differs(&ask.consumer_key, &desk.app.consumer_key) || differs(&ask.consumer_secret, &desk.app.consumer_secret) {
        return Err(Refused::AnotherApp);
    }
    let user = desk.app.signing_as(ask.access_token.clone(), ask.access_token_secret.clone()).into();
    let connecting = Connecting { p, config, ask, desk, user };
    if let Err((step, failed)) = connecting.run(&mut report, origin).await {
        report.step(step, failed);
    }
    Ok(report.ended())
}

struct Connecting<'a, P> {
    p: &'a P,
    config: &'a Config<'a>,
    ask: &'a Ask,
    desk: Desk<'a, P>,
    user: Signer,
}

type Failed = (&'static str, StepResult);

/// What closes Direct Messages altogether, and the mend.
const NEITHER: (&str, &str) = (
    "X takes Direct Messages of this account neither through v1.1 nor through v2.",
    "Check in X's portal that the app belongs to a project with Direct Messages, then connect again.",
);

/// Names the step in which something failed.
fn at<E: Into<Stopped>>(step: &'static str) -> impl Fn(E) -> Failed {
    move |error| (step, error.into().into())
}

impl<P: Platform> Connecting<'_, P> {
    async fn run(&self, report: &mut Report, origin: &str) -> Result<(), Failed> {
        let (profile, access) = self.verify().await?;
        report.step("verify the account's tokens", StepResult::Done);
        report.account = Some(Connected {
            id: profile.id.to_string(),
            username: profile.username.clone(),
            name: profile.name.clone(),
        });
        may_message(access.as_ref())?;
        let held = self.store(&profile, access.as_ref()).await?;
        report.step("store the account", StepResult::Done);
        let url = webhooks::url(self.config, self.ask.webhook_url.as_deref(), origin);
        let (webhook, result) = webhooks::ensure(&self.desk, &url).await?;
        report.step("webhook", result);
        let known = self.known(&profile.id).await.map_err(at("subscribe"))?;
        let account = Subscriber::of(&known, &self.user);
        let result = subscriptions::ensure(&self.desk, &webhook, &account).await.map_err(at("subscribe"))?;
        report.step("subscribe", result);
        let remembered = hearing::remember(self.p, &self.desk, &webhook, &profile.id, known.webhook_id.as_deref());
        remembered.await.map_err(at("remember the webhook"))?;
        let (step, result) = self.probe(&profile.id).await;
        report.step(step, result);
        // What waited for this account goes on now; should the queue refuse, the sweep takes it up.
        let wake = Job::Drain { account: profile.id, generation: held.map_or(0, |held| held.drain) };
        let _ = self.p.enqueue(vec![wake.now()]).await;
        Ok(())
    }

    async fn verify(&self) -> Result<(Profile, Option<Access>), Failed> {
        const STEP: &str = "verify the account's tokens";
        let response = whose::ask(&self.desk, &self.user).await.map_err(at(STEP))?;
        whose::read(&response).map_err(at(STEP))
    }

    /// The account as it stands in the table by now.
    async fn known(&self, id: &UserId) -> Result<Account, Trouble> {
        let rows = self.p.sql(vec![accounts::get(id)]).await?;
        let known: Option<Account> = rows.into_iter().next().unwrap_or_default().first()?;
        known.ok_or_else(|| Trouble::Conflict("the account was disconnected meanwhile".to_owned()))
    }

    /// Which dialect X takes from the account. That X does not say is no reason to stop: it is asked again when it matters.
    async fn probe(&self, id: &UserId) -> (String, StepResult) {
        let keys = Keys { base: self.desk.app.base.clone(), signer: self.user.clone() };
        let found = match probe::probe(self.p, &keys).await {
            Ok(Some(found)) => found,
            Ok(None) => return ("dialect".to_owned(), StepResult::failed(NEITHER.0, NEITHER.1)),
            Err(stopped) => return ("dialect".to_owned(), stopped.into()),
        };
        let words = match found {
            Speaks::Rich => "speaks rich: options, buttons, welcome messages",
            Speaks::Plain => "speaks plain: text, with numbers for options",
        };
        let noted = self.p.sql(vec![accounts::probed(id, found, self.p.now())]).await;
        (words.to_owned(), noted.map_or_else(|trouble| Stopped::from(trouble).into(), |_| StepResult::Done))
    }

    /// The tokens are stored before X is asked for anything else: no step after this one can lose them.
    async fn store(&self, profile: &Profile, access: Option<&Access>) -> Result<Option<Held>, Failed> {
        const STEP: &str = "store the account";
        let keys = self.config.token_keys().map_err(at(STEP))?;
        let tokens = Tokens { token: self.ask.access_token.clone(), secret: self.ask.access_token_secret.clone() };
        let sealed = seal::seal(&tokens, &profile.id, &keys, &self.p.nonce()).map_err(|error| {
            let (cause, what_to_do) = error.said();
            (STEP, StepResult::failed(cause, what_to_do))
        })?;
        let now = self.p.now();
        let product = &self.desk.product;
        let place = accounts::Place {
            product: product.name(),
            environment: product.environment(),
            access: access.map(Access::as_str),
        };
        let batch = vec![
            accounts::connect(profile, sealed, &place, now),
            budgets::seed(&profile.id, Span::days(1), A_DAYS_MESSAGES),
            inbox::unpark(&profile.id, now),
        ];
        let rows = self.p.sql(batch).await.map_err(at(STEP))?;
        rows.into_iter().next().unwrap_or_default().first().map_err(|row| at(STEP)(Trouble::from(row)))
    }
}

/// Tokens keep the permission that the app had when they were made.
fn may_message(access: Option<&Access>) -> Result<(), Failed> {
    match access {
        Some(access) if !access.may_message() => Err((
            "permission",
            StepResult::failed(
                format!("The tokens may only do this on X: {}.", access.as_str()),
                "Give the app 'Read, write and Direct Messages' in X's portal, make new tokens after that, connect again.",
            ),
        )),
        _ => Ok(()),
    }
}
