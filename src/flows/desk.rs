//! The app's own calls to X: the registry of webhooks and subscriptions, each call signed by whom X wants.

use super::stopped::{self, Stopped};
use crate::config::{App, Config};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::seal;
use crate::store::accounts::Account;
use crate::store::bearer as kept;
use crate::store::costs;
use crate::x_api::bearer;
use crate::x_api::ids::UserId;
use crate::x_api::prices::Price;
use crate::x_api::product::{Asked, By, Product};
use crate::x_api::request::{Call, Request, Response};
use crate::x_api::secret::Secret;
use crate::x_api::signer::Signer;

pub struct Desk<'a, P> {
    p: &'a P,
    config: &'a Config<'a>,
    pub app: App,
    pub product: Product,
}

impl<'a, P: Platform> Desk<'a, P> {
    pub fn open(p: &'a P, config: &'a Config<'a>, product: Product) -> Result<Self, Trouble> {
        Ok(Self { p, config, app: config.app()?, product })
    }

    /// X bills what it has just shown: that it could not be counted is no reason to say that X did not.
    pub async fn reads(&self, account: &UserId, price: Price, count: i64) {
        let _ = self.p.sql(vec![costs::add(account, price, count, self.p.now())]).await;
    }

    /// For an account that is connected, through the product that it was connected with.
    pub fn of(p: &'a P, config: &'a Config<'a>, account: &Account) -> Result<Self, Trouble> {
        let product = config.product_named(account.product.as_deref(), account.environment.as_deref())?;
        Self::open(p, config, product)
    }

    /// `account` holds the keys of the account that it is about, where there is one.
    pub async fn ask(&self, asked: Asked, account: Option<&Signer>) -> Result<Response, Stopped> {
        match asked.by {
            By::App => self.as_app(asked.call).await,
            By::Owner => self.signed(asked.call, &self.config.owner(&self.app)?.into()).await,
            By::Account => {
                let missing = || Trouble::Settings("this call needs the keys of the account".to_owned());
                let signer = account.ok_or_else(missing)?;
                if matches!(signer, Signer::OAuth2(_)) && !self.product.is_v2() {
                    let why = "v1.1 subscribes accounts with tokens of OAuth 1.0a alone; set X_PRODUCT to xaa, or sign in with OAuth 1.0a";
                    return Err(Trouble::Settings(why.to_owned()).into());
                }
                self.signed(asked.call, signer).await
            }
        }
    }

    pub async fn signed(&self, call: Call, who: &Signer) -> Result<Response, Stopped> {
        self.send(who.sign(call, &self.p.nonce(), self.p.now())).await
    }

    /// With the app's own token. One that X does not take any more is asked for anew, once.
    pub async fn as_app(&self, call: Call) -> Result<Response, Stopped> {
        if let Some(token) = self.kept().await? {
            match self.send(call.clone().with_bearer(&token)).await {
                Err(Stopped::Fault(fault)) if fault.status == 401 || matches!(fault.code, Some(89 | 32 | 215)) => {}
                other => return other,
            }
        }
        let asked = bearer::ask(&self.app.base, &self.app.consumer_key, &self.app.consumer_secret);
        let response = self.send(asked).await?;
        let token = bearer::read(&response).ok_or_else(Stopped::unreadable)?;
        self.keep(&token).await?;
        self.send(call.with_bearer(&token)).await
    }

    async fn kept(&self) -> Result<Option<Secret>, Stopped> {
        let Ok(keys) = self.config.token_keys() else { return Ok(None) };
        let consumer_key = self.app.consumer_key.reveal();
        let row: Option<kept::Kept> = self.p.first(kept::get(consumer_key)).await?;
        // What does not open is asked for anew.
        Ok(row.and_then(|row| seal::open_text(&row.sealed, consumer_key, &keys).ok()))
    }

    async fn keep(&self, token: &Secret) -> Result<(), Stopped> {
        let Ok(keys) = self.config.token_keys() else { return Ok(()) };
        let consumer_key = self.app.consumer_key.reveal();
        if let Ok(sealed) = seal::seal_text(token.reveal(), consumer_key, &keys, &self.p.nonce()) {
            self.p.sql(vec![kept::keep(consumer_key, sealed, self.p.now())]).await?;
        }
        Ok(())
    }

    async fn send(&self, request: Request) -> Result<Response, Stopped> {
        stopped::answer(self.p.send(request).await?, self.p.now())
    }
}
