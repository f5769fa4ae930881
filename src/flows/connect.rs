//! An account connected in one call: tokens stored, webhook registered or repaired, account subscribed.
//!
//! Every step can be repeated, so the call can: what is there already is kept.

use serde::{Deserialize, Serialize};

use crate::config::{App, Config};
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::seal::{self, Tokens};
use crate::store::accounts::Held;
use crate::store::{accounts, budgets, inbox};
use crate::x_api::accounts::{self as whose, Profile};
use crate::x_api::fault::Fault;
use crate::x_api::oauth1::Credentials;
use crate::x_api::request::{Request, Response};
use crate::x_api::secret::Secret;
use crate::x_api::time::Span;
use crate::x_api::webhooks::{self, Product, Webhook};
use crate::x_api::{bearer, subscriptions};

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

/// What was done, step by step, in order. A failed step ends it; running it again goes on from there.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Connected>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Connected {
    pub id: String,
    pub username: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub step: &'static str,
    #[serde(flatten)]
    pub result: StepResult,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum StepResult {
    Done,
    /// It was so already.
    Kept,
    Failed {
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<i64>,
        cause: String,
        what_to_do: String,
    },
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
    let app = match config.app() {
        Ok(app) => app,
        Err(trouble) => {
            report.failed("settings", failure(&trouble));
            return Ok(report);
        }
    };
    let differs = |given: &Option<Secret>, ours: &Secret| given.as_ref().is_some_and(|given| given != ours);
    if differs(&ask.consumer_key, &app.consumer_key) || differs(&ask.consumer_secret, &app.consumer_secret) {
        return Err(Refused::AnotherApp);
    }
    let connecting = Connecting {
        p,
        config,
        ask,
        user: app.signing_as(ask.access_token.clone(), ask.access_token_secret.clone()),
        app,
        product: config.product(ask.environment.as_deref()),
    };
    if let Err((step, failed)) = connecting.run(&mut report, origin).await {
        report.failed(step, failed);
    }
    report.ok = report.steps.iter().all(|step| !matches!(step.result, StepResult::Failed { .. }));
    Ok(report)
}

struct Connecting<'a, P> {
    p: &'a P,
    config: &'a Config<'a>,
    ask: &'a Ask,
    user: Credentials,
    app: App,
    product: Product,
}

type Failed = (&'static str, StepResult);

impl<P: Platform> Connecting<'_, P> {
    async fn run(&self, report: &mut Report, origin: &str) -> Result<(), Failed> {
        let profile = self.verify().await?;
        report.done("verify the account's tokens", StepResult::Done);
        report.account = Some(Connected {
            id: profile.id.to_string(),
            username: profile.username.clone(),
            name: profile.name.clone(),
        });
        let held = self.store(&profile).await?;
        report.done("store the account", StepResult::Done);
        let (webhook, result) = self.webhook(&self.webhook_url(origin)).await?;
        report.done("webhook", result);
        let result = self.subscribe(&webhook).await?;
        report.done("subscribe", result);
        let subscribed = accounts::subscribed(&profile.id, webhook.id.as_str(), &webhook.url, self.p.now());
        self.p.sql(vec![subscribed]).await.map_err(|trouble| ("remember the webhook", failure(&trouble)))?;
        // What waited for this account goes on now; should the queue refuse, the sweep takes it up.
        let wake = Job::Drain { account: profile.id, generation: held.map_or(0, |held| held.drain) };
        let _ = self.p.enqueue(vec![wake.now()]).await;
        Ok(())
    }

    async fn verify(&self) -> Result<Profile, Failed> {
        const STEP: &str = "verify the account's tokens";
        let response = self.call(STEP, self.sign(whose::whose(&self.app.base), &self.user)).await?;
        whose::read(&response).ok_or_else(|| (STEP, unreadable()))
    }

    /// The tokens are stored before X is asked for anything else: no step after this one can lose them.
    async fn store(&self, profile: &Profile) -> Result<Option<Held>, Failed> {
        const STEP: &str = "store the account";
        let fail = |trouble: Trouble| (STEP, failure(&trouble));
        let key = self.config.token_key().map_err(fail)?;
        let tokens = Tokens { token: self.ask.access_token.clone(), secret: self.ask.access_token_secret.clone() };
        let sealed = seal::seal(&tokens, &profile.id, &key, &self.p.nonce()).map_err(|error| {
            let (cause, what_to_do) = error.said();
            (STEP, StepResult::Failed { code: None, cause: cause.to_owned(), what_to_do: what_to_do.to_owned() })
        })?;
        let now = self.p.now();
        let environment = match &self.product {
            Product::Enterprise => None,
            Product::Premium { environment } => Some(environment.as_str()),
        };
        let batch = vec![
            accounts::connect(profile, sealed, environment, now),
            budgets::seed(&profile.id, Span::days(1), A_DAYS_MESSAGES),
            inbox::unpark(&profile.id, now),
        ];
        let rows = self.p.sql(batch).await.map_err(fail)?;
        rows.into_iter().next().unwrap_or_default().first().map_err(|row| fail(row.into()))
    }

    fn webhook_url(&self, origin: &str) -> String {
        let base = self.config.public_url().unwrap_or_else(|| origin.to_owned());
        self.ask.webhook_url.clone().unwrap_or_else(|| format!("{base}{}", self.config.webhook_path()))
    }

    /// Keeps a valid webhook, repairs an invalid one, registers a missing one.
    async fn webhook(&self, url: &str) -> Result<(Webhook, StepResult), Failed> {
        const LIST: &str = "list the webhooks";
        let token =
            self.call(LIST, bearer::ask(&self.app.base, &self.app.consumer_key, &self.app.consumer_secret)).await?;
        let bearer = bearer::read(&token).ok_or_else(|| (LIST, unreadable()))?;
        let listed = self.call(LIST, webhooks::list(&self.app.base, &self.product).with_bearer(&bearer)).await?;
        let all = webhooks::read_list(&listed).ok_or_else(|| (LIST, unreadable()))?;
        match all.into_iter().find(|webhook| webhook.url == url) {
            Some(webhook) if webhook.valid => Ok((webhook, StepResult::Kept)),
            Some(webhook) => {
                const STEP: &str = "re-validate the webhook";
                let call = webhooks::validate(&self.app.base, &self.product, &webhook.id);
                self.call(STEP, self.sign(call, &self.owner(STEP)?)).await?;
                Ok((webhook, StepResult::Done))
            }
            None => {
                const STEP: &str = "register the webhook";
                let call = webhooks::register(&self.app.base, &self.product, url);
                let response = self.call(STEP, self.sign(call, &self.owner(STEP)?)).await?;
                let webhook = webhooks::read(&response).ok_or_else(|| (STEP, unreadable()))?;
                Ok((webhook, StepResult::Done))
            }
        }
    }

    async fn subscribe(&self, webhook: &Webhook) -> Result<StepResult, Failed> {
        const STEP: &str = "subscribe";
        let check = subscriptions::check(&self.app.base, &self.product, &webhook.id);
        // X answers "not subscribed" with several codes; whatever it is, subscribing tells the truth.
        if self.call(STEP, self.sign(check, &self.user)).await.is_ok() {
            return Ok(StepResult::Kept);
        }
        let add = subscriptions::add(&self.app.base, &self.product, &webhook.id);
        match self.call(STEP, self.sign(add, &self.user)).await {
            Ok(_) => Ok(StepResult::Done),
            // The check failed for the moment, or somebody else was quicker.
            Err((_, StepResult::Failed { cause, .. })) if cause.to_lowercase().contains("already") => {
                Ok(StepResult::Kept)
            }
            Err(failed) => Err(failed),
        }
    }

    fn owner(&self, step: &'static str) -> Result<Credentials, Failed> {
        self.config.owner(&self.app).map_err(|trouble| (step, failure(&trouble)))
    }

    fn sign(&self, call: crate::x_api::request::Call, who: &Credentials) -> Request {
        call.signed(who, &self.p.nonce(), self.p.now())
    }

    async fn call(&self, step: &'static str, request: Request) -> Result<Response, Failed> {
        let response = self.p.send(request).await.map_err(|trouble| (step, failure(&trouble)))?;
        match Fault::read(&response, self.p.now()) {
            None => Ok(response),
            Some((fault, _)) => Err((step, refusal(fault))),
        }
    }
}

impl Report {
    fn done(&mut self, step: &'static str, result: StepResult) {
        self.steps.push(Step { step, result });
    }

    fn failed(&mut self, step: &'static str, result: StepResult) {
        self.done(step, result);
        self.ok = false;
    }
}

fn refusal(fault: Fault) -> StepResult {
    let what_to_do = match fault.code {
        Some(214) => webhook_refusal(&fault.said).to_owned(),
        _ => fault.what_to_do,
    };
    StepResult::Failed { code: fault.code, cause: fault.said, what_to_do }
}

/// Code 214 covers several refusals of a webhook; X's words tell them apart.
fn webhook_refusal(said: &str) -> &'static str {
    let said = said.to_lowercase();
    if said.contains("too many") {
        "X allows no more webhooks here. Delete one that is not used, then connect again."
    } else if said.contains("crc") || said.contains("token") || said.contains("200") {
        "X called the webhook's address and did not get the answer it wants. Check that the address is public and that X_CONSUMER_SECRET (or X_CRC_SECRET) is the app's, then connect again."
    } else {
        "X does not accept this address: it must be https, public and without a port. Set PUBLIC_URL or webhook_url."
    }
}

fn failure(trouble: &Trouble) -> StepResult {
    let what_to_do = match trouble {
        Trouble::Settings(_) => "Set what is missing, then connect again.",
        Trouble::Network(_) => "X could not be reached. Check X_API_BASE, then connect again.",
        Trouble::Storage(_) | Trouble::Conflict(_) => {
            "The database did not answer. Apply the migrations if they are missing, then connect again."
        }
        Trouble::Queue(_) => "The queue did not answer. Connect again.",
    };
    StepResult::Failed { code: None, cause: trouble.to_string(), what_to_do: what_to_do.to_owned() }
}

fn unreadable() -> StepResult {
    StepResult::Failed {
        code: None,
        cause: "X answered with something that is not its documented answer.".to_owned(),
        what_to_do: "Check X_API_BASE; if it is right, try again later.".to_owned(),
    }
}
