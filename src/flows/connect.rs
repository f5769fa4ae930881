//! An account connected in one call: tokens stored, webhook registered or repaired, account subscribed.
//!
//! Every step can be repeated, so the call can: what is there already is kept.

use serde::Deserialize;

use super::desk::Desk;
use super::keys::{self, Keys};
use super::refresh;
use super::report::{Connected, Report, StepResult};
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::{hearing, probe, subscriptions, webhooks, whose};
use crate::config::{App, Config};
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::seal::{self, Tokens};
use crate::store::accounts::{Account, Held};
use crate::store::tokens::{self, Sealed};
use crate::store::{accounts, inbox};
use crate::x_api::accounts::{Access, Profile};
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::UserId;
use crate::x_api::oauth2::Grant;
use crate::x_api::secret::Secret;
use crate::x_api::signer::Signer;
use crate::x_api::time::Span;

/// What is asked for. The field names of the connector guide are accepted beside our own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(alias = "ACCESS-TOKEN")]
    pub access_token: Secret,
    /// Of OAuth 1.0a …
    #[serde(default, alias = "ACCESS-TOKEN-SECRET")]
    pub access_token_secret: Option<Secret>,
    /// … or of OAuth 2.0: without it the account would be lost in two hours.
    #[serde(default)]
    pub refresh_token: Option<Secret>,
    /// For how many seconds the access token of OAuth 2.0 is still good; without it, five minutes are taken, and it is renewed
    /// at once.
    #[serde(default)]
    pub expires_in: Option<u32>,
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

/// What an account signs with.
#[derive(Clone, Debug)]
pub enum Given {
    OAuth1(Tokens),
    OAuth2(Grant),
}

/// The account and how to reach it, whoever asks.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub given: Given,
    pub environment: Option<String>,
    pub webhook_url: Option<String>,
}

impl From<Given> for Wanted {
    /// Everything else as the deployment has it.
    fn from(given: Given) -> Self {
        Self { given, environment: None, webhook_url: None }
    }
}

impl Given {
    pub fn signer(&self, app: &App) -> Signer {
        match self {
            Self::OAuth1(Tokens { token, secret }) => app.signing_as(token.clone(), secret.clone()).into(),
            Self::OAuth2(grant) => Signer::OAuth2(grant.access.clone()),
        }
    }
}

impl Ask {
    fn given(&self) -> Result<Given, Refused> {
        let access = self.access_token.clone();
        match (&self.access_token_secret, &self.refresh_token) {
            (Some(secret), None) => Ok(Given::OAuth1(Tokens { token: access, secret: secret.clone() })),
            (None, Some(refresh)) => {
                let lasts = Span::seconds(self.expires_in.map_or(300, i64::from));
                Ok(Given::OAuth2(Grant { access, refresh: Some(refresh.clone()), lasts, scopes: None }))
            }
            _ => Err(Refused::Half),
        }
    }
}

/// Why nothing was tried at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The body names another X app than this deployment's.
    AnotherApp,
    /// Neither the tokens of OAuth 1.0a nor those of OAuth 2.0, or both.
    Half,
}

/// `origin` is the scheme and host that the call itself came to: the default of the webhook's address.
pub async fn connect<P: Platform>(p: &P, config: &Config<'_>, ask: Ask, origin: &str) -> Result<Report, Refused> {
    let given = ask.given()?;
    let differs = |given: &Option<Secret>, ours: &Secret| given.as_ref().is_some_and(|given| given != ours);
    if let Ok(app) = config.app()
        && (differs(&ask.consumer_key, &app.consumer_key) || differs(&ask.consumer_secret, &app.consumer_secret))
    {
        return Err(Refused::AnotherApp);
    }
    let wanted = Wanted { given, environment: ask.environment, webhook_url: ask.webhook_url };
    Ok(connect_wanted(p, config, &wanted, origin).await)
}

/// The same for somebody who has just signed in.
pub async fn connect_wanted<P: Platform>(p: &P, config: &Config<'_>, wanted: &Wanted, origin: &str) -> Report {
    let mut report = Report::default();
    let opened = config.product(wanted.environment.as_deref()).and_then(|product| Desk::open(p, config, product));
    match opened {
        Err(trouble) => report.step("settings", Stopped::from(trouble).into()),
        Ok(desk) => {
            let connecting = Connecting { p, config, wanted, desk };
            if let Err((step, failed)) = connecting.run(&mut report, origin).await {
                report.step(step, failed);
            }
        }
    }
    report.ended()
}

struct Connecting<'a, P> {
    p: &'a P,
    config: &'a Config<'a>,
    wanted: &'a Wanted,
    desk: Desk<'a, P>,
}

type Failed = (&'static str, StepResult);

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
            may: match &self.wanted.given {
                Given::OAuth1(_) => access.as_ref().map(|access| access.as_str().to_owned()),
                Given::OAuth2(grant) => grant.scopes.clone(),
            },
        });
        self.may_message(access.as_ref())?;
        let held = self.store(&profile, access.as_ref()).await?;
        report.step("store the account", StepResult::Done);
        let url = webhooks::url(self.config, self.wanted.webhook_url.as_deref(), origin);
        let (webhook, result) = webhooks::ensure(&self.desk, &url).await?;
        report.step("webhook", result);
        let known = self.known(&profile.id).await.map_err(at("subscribe"))?;
        // From here on with whatever the account has, also from before.
        let user = keys::signer(self.p, self.config, &self.desk.app, &known).await.map_err(at("subscribe"))?;
        let account = Subscriber::of(&known, &user);
        let subscribed = subscriptions::ensure(&self.desk, &webhook, &account, None).await.map_err(at("subscribe"))?;
        report.step("subscribe", subscribed.result);
        for (event_type, stopped) in subscribed.refused {
            report.extra(format!("subscribe to {event_type}"), stopped.into());
        }
        let remembered = hearing::remember(self.p, &self.desk, &webhook, &profile.id, known.webhook_id.as_deref());
        remembered.await.map_err(at("remember the webhook"))?;
        let (step, result) = self.probe(&profile.id, user).await;
        report.step(step, result);
        // What waited for this account goes on now; should the queue refuse, the sweep takes it up.
        let wake = Job::Drain { account: profile.id, generation: held.map_or(0, |held| held.drain) };
        let _ = self.p.enqueue(vec![wake.now()]).await;
        Ok(())
    }

    async fn verify(&self) -> Result<(Profile, Option<Access>), Failed> {
        const STEP: &str = "verify the account's tokens";
        let user = self.wanted.given.signer(&self.desk.app);
        let response = whose::ask(&self.desk, &user).await.map_err(at(STEP))?;
        whose::read(&response).map_err(at(STEP))
    }

    /// The account as it stands in the table by now.
    async fn known(&self, id: &UserId) -> Result<Account, Trouble> {
        let known: Option<Account> = self.p.first(accounts::get(id)).await?;
        known.ok_or_else(|| Trouble::Conflict("the account was disconnected meanwhile".to_owned()))
    }

    /// Which dialect X takes from the account. That X does not say is no reason to stop: it is asked again when it matters.
    async fn probe(&self, id: &UserId, signer: Signer) -> (String, StepResult) {
        let keys = Keys { base: self.desk.app.base.clone(), signer };
        let found = match probe::probe(self.p, &keys, id).await {
            Ok(Some(found)) => found,
            Ok(None) => return ("dialect".to_owned(), StepResult::failed(probe::NEITHER.0, probe::NEITHER.1)),
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
        let sealed = self.sealed(&profile.id).map_err(at(STEP))?;
        let now = self.p.now();
        let product = &self.desk.product;
        let place = tokens::Place {
            product: product.name(),
            environment: product.environment(),
            access: access.map(Access::as_str),
        };
        let batch = vec![tokens::connect(profile, &sealed, &place, now), inbox::unpark(&profile.id, now)];
        let rows = self.p.sql(batch).await.map_err(at(STEP))?;
        rows.into_iter().next().unwrap_or_default().first().map_err(|row| at(STEP)(Trouble::from(row)))
    }

    fn sealed(&self, id: &UserId) -> Result<Sealed, Trouble> {
        match &self.wanted.given {
            Given::OAuth1(tokens) => {
                let sealed = seal::seal(tokens, id, &self.config.token_keys()?, &self.p.nonce());
                let sealed =
                    sealed.map_err(|error| Trouble::Settings(error.said().0.to_owned() + " " + error.said().1))?;
                Ok(Sealed { tokens: Some(sealed), ..Sealed::default() })
            }
            Given::OAuth2(grant) => {
                let oauth2 = refresh::sealed(self.p, self.config, id, grant)?;
                Ok(Sealed { oauth2: Some(oauth2), until: self.p.now() + grant.lasts, ..Sealed::default() })
            }
        }
    }

    /// Tokens keep the permission that the app had when they were made.
    fn may_message(&self, access: Option<&Access>) -> Result<(), Failed> {
        let may_do = match (&self.wanted.given, access) {
            (Given::OAuth2(grant), _) if !grant.lacks().is_empty() => grant.scopes.clone().unwrap_or_default(),
            (Given::OAuth1(_), Some(access)) if !access.may_message() => access.as_str().to_owned(),
            _ => return Ok(()),
        };
        let said = format!("The tokens may only do this on X: {may_do}.");
        let mend =
            "Give the app 'Read, write and Direct Messages' in X's portal, make new tokens after that, connect again.";
        Err(("permission", StepResult::failed(said, mend)))
    }
}
