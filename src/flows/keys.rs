//! With what an account signs its calls, and at which address of X's.

use super::scripts::Refused;
use super::stopped::Stopped;
use crate::config::{App, Config};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::seal;
use crate::store::accounts::Account;
use crate::x_api::fault::Fault;
use crate::x_api::ids::WebhookId;
use crate::x_api::request::{Call, Request, Response};
use crate::x_api::signer::Signer;

#[derive(Clone, Debug)]
pub struct Keys {
    /// Scheme and host of X's API.
    pub base: String,
    pub signer: Signer,
}

pub async fn of<P: Platform>(p: &P, config: &Config<'_>, account: &Account) -> Result<Keys, Trouble> {
    let app = config.app()?;
    let signer = signer(p, config, &app, account).await?;
    Ok(Keys { base: app.base, signer })
}

pub async fn signer<P: Platform>(_p: &P, config: &Config<'_>, app: &App, account: &Account) -> Result<Signer, Trouble> {
    if account.tokens.is_empty() {
        let why =
            if account.status == "revoked" { "took the app's access away" } else { "has tokens that X takes no more" };
        return Err(Trouble::Settings(format!("@{} {why}; connect it again", account.username)));
    }
    let tokens = seal::open(&account.tokens, &account.id, &config.token_keys()?).map_err(|error| {
        let (cause, mend) = error.said();
        Trouble::Settings(format!("{cause} {mend}"))
    })?;
    Ok(app.signing_as(tokens.token, tokens.secret).into())
}

pub fn webhook_of(account: &Account) -> Result<WebhookId, Refused> {
    account.webhook_id.as_deref().map(WebhookId::from).ok_or(Refused::NotConnected)
}

impl Keys {
    pub fn sign<P: Platform>(&self, p: &P, call: Call) -> Request {
        self.signer.sign(call, &p.nonce(), p.now())
    }

    /// The call made, and X's refusal of it told.
    pub async fn ask<P: Platform>(&self, p: &P, call: Call) -> Result<Response, Stopped> {
        let response = p.send(self.sign(p, call)).await?;
        match Fault::read(&response, p.now()) {
            Some((fault, _)) => Err(Stopped::Fault(fault)),
            None => Ok(response),
        }
    }
}
