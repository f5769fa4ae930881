//! The settings, read one by one when they are needed, so that what is missing stops only what needs it.

mod access;
mod calls;
mod hosts;
mod kinds;
mod limits;
mod links;
mod retention;

use crate::bot::check::Limits;
use crate::error::Trouble;
use crate::seal::Keys;
use crate::x_api::custom_profiles;
use crate::x_api::dm;
use crate::x_api::keys;
use crate::x_api::oauth1::Credentials;
use crate::x_api::oauth2::Client;
use crate::x_api::posts;
use crate::x_api::product::Product;
use crate::x_api::secret::Secret;
use crate::x_api::signature::Secrets;
use crate::x_api::welcome_messages;

pub use kinds::Kinds;
pub use links::link;

/// X's limits in the rich dialect, as the checker wants them.
pub const LIMITS: Limits = Limits {
    text: dm::limits::TEXT,
    options: dm::limits::OPTIONS,
    label: dm::limits::LABEL,
    description: dm::limits::DESCRIPTION,
    metadata: dm::limits::METADATA,
    buttons: dm::limits::BUTTONS,
    post: posts::LONGEST,
    weight: posts::weight,
    link,
    welcome: welcome_messages::limits::TEXT,
    welcome_name: welcome_messages::limits::NAME,
    profile_name: custom_profiles::LONGEST_NAME,
};

/// Where a setting comes from: the Worker's variables and secrets, or a table in a test.
pub struct Config<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
}

/// The app on X that this deployment is.
#[derive(Clone, Debug)]
pub struct App {
    /// `X_API_BASE`: scheme and host, part of every OAuth signature.
    pub base: String,
    pub consumer_key: Secret,
    pub consumer_secret: Secret,
}

/// What to do about a message when X never said whether it has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenDoubtful {
    Park,
    Resend,
}

/// The shortest `ADMIN_TOKEN` that opens anything.
pub const SHORTEST_ADMIN_TOKEN: usize = 32;

impl<'a> Config<'a> {
    pub fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { get }
    }

    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn secret(&self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// `X_CRC_SECRET`, else the secret with which X signed its challenge, the previous one too while it is rotated; else
    /// `X_CONSUMER_SECRET`: the one thing that an answer needs.
    pub fn crc_secret(&self, signed_with: Option<Secret>) -> Option<Secret> {
        let or = |name: &'static str| move || self.secret(name);
        self.secret("X_CRC_SECRET").or(signed_with).or_else(or("X_CONSUMER_SECRET")).or_else(or("X_CLIENT_SECRET"))
    }

    /// `X_CONSUMER_SECRET` and `X_CLIENT_SECRET`, each with its `_PREVIOUS` while it is rotated.
    pub fn delivery_secrets(&self) -> Secrets {
        let both = |names: [&str; 2]| names.iter().filter_map(|name| self.secret(name)).collect();
        Secrets {
            consumer: both(["X_CONSUMER_SECRET", "X_CONSUMER_SECRET_PREVIOUS"]),
            client: both(["X_CLIENT_SECRET", "X_CLIENT_SECRET_PREVIOUS"]),
        }
    }

    /// `WEBHOOK_PATH`, default `/webhook`.
    pub fn webhook_path(&self) -> String {
        let path = self.text("WEBHOOK_PATH").unwrap_or_else(|| "/webhook".to_owned());
        if path.starts_with('/') { path } else { format!("/{path}") }
    }

    /// `KINDS`.
    pub fn kinds(&self) -> Kinds {
        Kinds::read(self.text("KINDS").as_deref())
    }

    /// `ADMIN_TOKEN`, or what to do about it.
    pub fn admin_token(&self) -> Result<Secret, &'static str> {
        let token =
            self.secret("ADMIN_TOKEN").ok_or("ADMIN_TOKEN is not set. Set it: wrangler secret put ADMIN_TOKEN")?;
        if token.reveal().len() < SHORTEST_ADMIN_TOKEN {
            return Err("ADMIN_TOKEN is shorter than 32 characters. Set a longer one: wrangler secret put ADMIN_TOKEN");
        }
        Ok(token)
    }

    /// `X_API_BASE`, `X_CONSUMER_KEY`, `X_CONSUMER_SECRET`.
    pub fn app(&self) -> Result<App, Trouble> {
        let [consumer_key, consumer_secret] = self.required(["X_CONSUMER_KEY", "X_CONSUMER_SECRET"])?;
        Ok(App { base: self.base("X_API_BASE", "https://api.x.com"), consumer_key, consumer_secret })
    }

    /// `X_CLIENT_ID` and, for a confidential client, `X_CLIENT_SECRET`: the app in OAuth 2.0.
    pub fn client(&self, app: &App) -> Result<Client, Trouble> {
        let [id] = self.required(["X_CLIENT_ID"])?;
        let (base, id) = (app.base.clone(), id.reveal().to_owned());
        Ok(Client { base, id, secret: self.secret("X_CLIENT_SECRET") })
    }

    pub fn has_client(&self) -> bool {
        self.text("X_CLIENT_ID").is_some()
    }

    /// `X_WEB_BASE`: scheme and host of the pages on which people say yes to OAuth 2.0.
    pub fn web_base(&self) -> String {
        self.base("X_WEB_BASE", "https://x.com")
    }

    /// The secrets without which no account can be answered for. v2 has the app itself keep its webhooks.
    pub fn missing(&self) -> Vec<&'static str> {
        let by_the_app = self.product(None).is_ok_and(|product| product.is_v2());
        let needed = keys::NAMES.into_iter().filter(|name| !by_the_app || !name.starts_with("X_ACCESS_TOKEN"));
        needed.chain(["TOKEN_KEY", "ADMIN_TOKEN"]).filter(|name| self.text(name).is_none()).collect()
    }

    /// What stands out about keys that X has refused.
    pub fn odd_keys(&self) -> Vec<String> {
        keys::odd(keys::NAMES.map(|name| self.text(name).unwrap_or_default()))
    }

    /// `X_UPLOAD_BASE`: scheme and host that take files.
    pub fn upload_base(&self) -> String {
        self.base("X_UPLOAD_BASE", "https://upload.twitter.com")
    }

    /// Scheme and host, without a slash at the end.
    fn base(&self, name: &str, usual: &str) -> String {
        self.text(name).unwrap_or_else(|| usual.to_owned()).trim_end_matches('/').to_owned()
    }

    /// `X_ACCESS_TOKEN`, `X_ACCESS_TOKEN_SECRET`: the app owner's, who registers webhooks.
    pub fn owner(&self, app: &App) -> Result<Credentials, Trouble> {
        let [token, token_secret] = self.required(["X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"])?;
        Ok(app.signing_as(token, token_secret))
    }

    /// `TOKEN_KEY` and, while it is rotated, `TOKEN_KEY_PREVIOUS`: each 32 bytes in base64.
    pub fn token_keys(&self) -> Result<Keys, Trouble> {
        let [present] = self.required(["TOKEN_KEY"])?;
        Ok(Keys { present, previous: self.secret("TOKEN_KEY_PREVIOUS") })
    }

    /// `X_PRODUCT`: `xaa`, `aaa`, `enterprise` or `premium`. Where it is not set, `X_ENV_NAME` (or the environment that a
    /// call names) means premium, else X Activity.
    pub fn product(&self, environment: Option<&str>) -> Result<Product, Trouble> {
        let environment = environment.map(str::to_owned).or_else(|| self.text("X_ENV_NAME"));
        match (self.text("X_PRODUCT").as_deref(), environment) {
            (Some("aaa"), _) => Ok(Product::AccountActivity),
            (Some("xaa"), _) | (None, None) => Ok(Product::XActivity),
            (Some("enterprise"), _) => Ok(Product::Enterprise),
            (Some("premium") | None, Some(environment)) => Ok(Product::Premium { environment }),
            (Some("premium"), None) => {
                Err(Trouble::Settings("X_PRODUCT is premium, and X_ENV_NAME is not set".to_owned()))
            }
            (Some(other), _) => {
                Err(Trouble::Settings(format!("X_PRODUCT is '{other}'; it may be xaa, aaa, enterprise or premium")))
            }
        }
    }

    /// The product of an account that is connected: as it was then, whatever the settings say now.
    pub fn product_named(&self, name: Option<&str>, environment: Option<&str>) -> Result<Product, Trouble> {
        match (name, environment) {
            (Some("xaa"), _) => Ok(Product::XActivity),
            (Some("aaa"), _) => Ok(Product::AccountActivity),
            (Some("enterprise"), _) => Ok(Product::Enterprise),
            (Some("premium"), Some(environment)) => Ok(Product::Premium { environment: environment.to_owned() }),
            _ => self.product(environment),
        }
    }

    /// `PUBLIC_URL`, without a slash at the end.
    pub fn public_url(&self) -> Option<String> {
        self.text("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned())
    }

    /// `ALERT_URL`, and `ALERT_SECRET` where what goes there is to be signed.
    pub fn alert(&self) -> Option<(String, Option<Secret>)> {
        Some((self.text("ALERT_URL")?, self.secret("ALERT_SECRET")))
    }

    /// `WHEN_DOUBTFUL`: `park` (default) or `resend`.
    pub fn when_doubtful(&self) -> WhenDoubtful {
        match self.text("WHEN_DOUBTFUL").as_deref() {
            Some("resend") => WhenDoubtful::Resend,
            _ => WhenDoubtful::Park,
        }
    }

    /// Where received files of this host are fetched, signed as the account; `None` where they may not be.
    /// `X_MEDIA_HOSTS`, written like `CALL_HOSTS`: only hosts of X's.
    pub fn media_base(&self, host: &str) -> Option<String> {
        let all = self
            .text("X_MEDIA_HOSTS")
            .unwrap_or_else(|| "ton.twitter.com ton.x.com pbs.twimg.com video.twimg.com".to_owned());
        hosts::base_among(&all, host)
    }

    /// `VIDEO_LIMIT_MB`: the largest video that is brought to X, in bytes; X's own limit is 512 MB.
    pub fn largest_video(&self) -> u64 {
        let megabytes = self.text("VIDEO_LIMIT_MB").and_then(|text| text.parse().ok()).unwrap_or(25_u64);
        megabytes.clamp(1, 512) << 20
    }

    /// The secrets, or one sentence that names all that are missing.
    fn required<const N: usize>(&self, names: [&str; N]) -> Result<[Secret; N], Trouble> {
        let found = names.map(|name| self.secret(name));
        let missing: Vec<&str> =
            names.iter().zip(&found).filter(|(_, it)| it.is_none()).map(|(name, _)| *name).collect();
        if missing.is_empty() {
            return Ok(found.map(|secret| secret.unwrap_or_else(|| Secret::new(""))));
        }
        let all = missing.join(", ");
        Err(Trouble::Settings(format!("not set: {all}. Set each with: wrangler secret put NAME")))
    }
}

impl App {
    pub fn signing_as(&self, token: Secret, token_secret: Secret) -> Credentials {
        Credentials {
            consumer_key: self.consumer_key.clone(),
            consumer_secret: self.consumer_secret.clone(),
            token,
            token_secret,
        }
    }
}

#[cfg(test)]
mod boundary_tests;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_settings_are_named_all_at_once() {
        let Err(Trouble::Settings(said)) = Config::new(&|_| None).app() else { panic!("expected trouble") };
        assert!(said.contains("X_CONSUMER_KEY, X_CONSUMER_SECRET"), "{said}");
    }

    #[test]
    fn an_admin_token_has_32_characters_or_opens_nothing() {
        let with = |token: &'static str| Config::new(&move |_| Some(token.to_owned())).admin_token().is_ok();
        assert!(with("0123456789abcdef0123456789abcdef"));
        assert!(!with("0123456789abcdef0123456789abcde"));
        assert!(!with("  "));
    }
}
