//! With what an account signs its calls, and at which address of X's.

use super::refresh;
use super::refused::Refused;
use super::stopped::{self, Stopped};
use crate::config::{App, Config};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::seal;
use crate::store::accounts::Account;
use crate::x_api::ids::WebhookId;
use crate::x_api::request::{Call, Request, Response, next_cursor};
use crate::x_api::secret::Secret;
use crate::x_api::signer::Signer;

/// Pages of 50 that are read of a list.
const MOST_PAGES: usize = 5;

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

/// With the tokens of OAuth 1.0a, where there are any: they sign every call.
pub async fn signer<P: Platform>(p: &P, config: &Config<'_>, app: &App, account: &Account) -> Result<Signer, Trouble> {
    if account.tokens.is_empty() {
        return Ok(Signer::OAuth2(bearer(p, config, account).await?));
    }
    let tokens = seal::open(&account.tokens, &account.id, &config.token_keys()?).map_err(|error| {
        let (cause, mend) = error.said();
        Trouble::Settings(format!("{cause} {mend}"))
    })?;
    Ok(app.signing_as(tokens.token, tokens.secret).into())
}

/// The access token of OAuth 2.0.
pub async fn bearer<P: Platform>(p: &P, config: &Config<'_>, account: &Account) -> Result<Secret, Trouble> {
    if account.oauth2.is_some() {
        return refresh::access(p, config, account).await;
    }
    let why = match account.status.as_str() {
        "revoked" => "took the app's access away",
        _ if account.tokens.is_empty() => "has tokens that X takes no more",
        _ => "has not signed in with OAuth 2.0",
    };
    Err(Trouble::Settings(format!("@{} {why}; connect it again", account.username)))
}

pub fn webhook_of(account: &Account) -> Result<WebhookId, Refused> {
    account.webhook_id.as_deref().map(WebhookId::from).ok_or(Refused::NotConnected)
}

impl Keys {
    pub fn sign<P: Platform>(&self, p: &P, call: Call) -> Request {
        self.signer.sign(call, &p.nonce(), p.now())
    }

    /// A list of v1.1, page by page.
    pub async fn pages<P: Platform>(
        &self,
        p: &P,
        list: fn(&str, Option<&str>) -> Call,
    ) -> Result<Vec<Response>, Stopped> {
        let mut pages = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let response = self.ask(p, list(&self.base, cursor.as_deref())).await?;
            cursor = next_cursor(&response);
            pages.push(response);
            if cursor.is_none() {
                break;
            }
        }
        Ok(pages)
    }

    /// The call made, and X's refusal of it told.
    pub async fn ask<P: Platform>(&self, p: &P, call: Call) -> Result<Response, Stopped> {
        stopped::answer(p.send(self.sign(p, call)).await?, p.now())
    }
}
