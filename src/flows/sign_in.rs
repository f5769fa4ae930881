//! Somebody signs in with X, so that we may act for their account: out to X's page, and back with what they said.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::connect::{self, Given};
use super::desk::Desk;
use super::report::Report;
use super::stopped::Stopped;
use super::whose;
use crate::config::Config;
use crate::error::Trouble;
use crate::invite;
pub use crate::invite::NoInvite;
use crate::platform::Platform;
use crate::seal::{self, Keys, Tokens};
use crate::store::accounts;
use crate::store::sign_ins::{self, Back};
use crate::x_api::crc;
use crate::x_api::fault::Fault;
use crate::x_api::oauth1::Credentials;
use crate::x_api::oauth2::Grant;
use crate::x_api::request::{Request, Response};
use crate::x_api::secret::Secret;
use crate::x_api::sign_in;
use crate::x_api::signature;
use crate::x_api::time::Span;

/// A request token of X's is good for about as long.
const ON_THE_WAY: Span = Span::minutes(15);

/// Why nobody signs in, for the person in the browser.
#[derive(Debug)]
pub enum NoSignIn {
    Invite(NoInvite),
    Used,
    /// Somebody else used it in the meantime; whether X has taken back what was granted.
    UsedMeanwhile {
        given_back: bool,
    },
    /// Came back twice, too late, or in another browser.
    NotOnTheWay,
    /// They pressed "Cancel".
    Denied,
    /// X's page refused them by this name.
    Page(String),
    Stopped(Stopped),
}

impl<T: Into<Stopped>> From<T> for NoSignIn {
    fn from(stopped: T) -> Self {
        Self::Stopped(stopped.into())
    }
}

/// What the browser gets when it sets out.
pub struct SetOut {
    pub location: String,
    /// Only this browser may come back.
    pub cookie: Secret,
}

/// The two kinds of sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum With {
    OAuth1,
    OAuth2,
}

/// What X's page says when it sends somebody back.
pub enum Said {
    /// Of OAuth 1.0a.
    Verifier {
        request_token: String,
        verifier: String,
    },
    /// Of OAuth 2.0.
    Code {
        state: String,
        code: String,
    },
    /// X sends them back with another error than their no.
    Error(String),
    No,
}

/// An address that lets one person connect one account, within an hour. `door` is where they set out.
pub fn invite<P: Platform>(p: &P, config: &Config<'_>, door: &str, with: Option<With>) -> Result<Value, Trouble> {
    let (text, invite) = invite::make(&p.nonce(), &config.token_keys()?.present, p.now());
    let with = with.map_or("", |with| if with == With::OAuth1 { "&with=oauth1" } else { "&with=oauth2" });
    Ok(json!({"url": format!("{door}?invite={text}{with}"), "due_at": invite.due_at}))
}

/// `with`: as the deployment can, where nobody says otherwise: OAuth 2.0 where it has `X_CLIENT_ID`.
pub async fn set_out<P: Platform>(
    p: &P,
    config: &Config<'_>,
    text: &str,
    callback: &str,
    with: Option<With>,
) -> Result<SetOut, NoSignIn> {
    let (keys, now) = (config.token_keys()?, p.now());
    let invite = invite::open(text, &keys.present, now).map_err(NoSignIn::Invite)?;
    if !p.rows(sign_ins::is_used(&invite.id)).await?.is_empty() {
        return Err(NoSignIn::Used);
    }
    let way = match with.unwrap_or(if config.has_client() { With::OAuth2 } else { With::OAuth1 }) {
        With::OAuth1 => way_of_oauth1(p, config, callback).await?,
        With::OAuth2 => way_of_oauth2(p, config, callback)?,
    };
    let cookie = Secret::new(marked(&p.nonce(), &way.name, &keys));
    let sealed = seal::seal_text(way.secret.reveal(), &way.sealed_about, &keys, &p.nonce()).map_err(unsealed)?;
    let kept = format!("{}.{}", invite.id, invite.due_at.0);
    p.sql(sign_ins::set_out(&way.name, sealed, &hash(&cookie), &kept, now + ON_THE_WAY, now)).await?;
    Ok(SetOut { location: way.page, cookie })
}

/// The way to X's page and back.
struct Way {
    /// What comes back from X: the request token, or the state.
    name: String,
    /// Ours alone until then.
    secret: Secret,
    sealed_about: String,
    page: String,
}

async fn way_of_oauth1<P: Platform>(p: &P, config: &Config<'_>, callback: &str) -> Result<Way, Stopped> {
    let app = config.app()?;
    let nobody = app.signing_as(Secret::new(""), Secret::new(""));
    let request = sign_in::request_token(&app.base, &nobody, callback, &p.nonce(), p.now());
    let pair = sign_in::read_confirmed(&ask(p, request).await?).ok_or_else(Stopped::unreadable)?;
    let name = pair.token.reveal().to_owned();
    Ok(Way { page: sign_in::page(&app.base, &name), sealed_about: name.clone(), secret: pair.secret, name })
}

fn way_of_oauth2<P: Platform>(p: &P, config: &Config<'_>, callback: &str) -> Result<Way, Trouble> {
    let client = config.client(&config.app()?)?;
    // RFC 7636 wants 43 characters at least.
    let (name, secret) = (p.nonce(), Secret::new(p.nonce() + &p.nonce()));
    let page = client.page(&config.web_base(), callback, &name, &secret);
    Ok(Way { page, sealed_about: of_oauth2(&name), secret, name })
}

/// What is kept of one kind of way does not open on the other.
fn of_oauth2(state: &str) -> String {
    format!("oauth2 {state}")
}

pub async fn come_back<P: Platform>(
    p: &P,
    config: &Config<'_>,
    said: Said,
    cookie: Option<&Secret>,
    origin: &str,
    callback: &str,
) -> Result<Report, NoSignIn> {
    let (name, sealed_about) = match &said {
        Said::Verifier { request_token, .. } => (request_token.clone(), request_token.clone()),
        Said::Code { state, .. } => (state.clone(), of_oauth2(state)),
        Said::Error(error) => return Err(NoSignIn::Page(error.clone())),
        Said::No => return Err(NoSignIn::Denied),
    };
    let (keys, now) = (config.token_keys()?, p.now());
    // Whoever did not set out here costs us no look into the table.
    let is_ours = |cookie: &&Secret| is_marked(cookie.reveal(), &name, &keys);
    let cookie = cookie.filter(is_ours).ok_or(NoSignIn::NotOnTheWay)?;
    let back: Option<Back> = p.first(sign_ins::come_back(&name, &hash(cookie), now)).await?;
    let back = back.ok_or(NoSignIn::NotOnTheWay)?;
    let secret = seal::open_text(&back.sealed, &sealed_about, &keys).map_err(unsealed)?;
    let given = given(p, config, &said, secret, callback).await?;
    // The invite counts from here on: X has said who it is.
    let (invite, due_at) = back.invite.split_once('.').unwrap_or((&back.invite, "0"));
    let due_at = crate::x_api::time::Timestamp(due_at.parse().unwrap_or(0));
    match p.sql(sign_ins::use_invite(invite, due_at, now)).await {
        Err(Trouble::Conflict(_)) => {
            let given_back = give_back(p, config, &given).await.is_ok();
            return Err(NoSignIn::UsedMeanwhile { given_back });
        }
        other => drop(other?),
    }
    Ok(connect::connect_wanted(p, config, &given.into(), origin).await)
}

/// What X gives for what its page said.
async fn given<P: Platform>(
    p: &P,
    config: &Config<'_>,
    said: &Said,
    secret: Secret,
    callback: &str,
) -> Result<Given, NoSignIn> {
    let app = config.app()?;
    match said {
        Said::Verifier { request_token, verifier } => {
            let asking: Credentials = app.signing_as(Secret::new(request_token.as_str()), secret);
            let request = sign_in::access_token(&app.base, &asking, verifier, &p.nonce(), p.now());
            let pair = sign_in::read(&ask(p, request).await?).ok_or_else(Stopped::unreadable)?;
            Ok(Given::OAuth1(Tokens { token: pair.token, secret: pair.secret }))
        }
        Said::Code { code, .. } => {
            let response = ask(p, config.client(&app)?.redeem(code, callback, &secret)).await?;
            Ok(Given::OAuth2(Grant::answered(&response).map_err(|_| Stopped::unreadable())?))
        }
        Said::Error(_) | Said::No => Err(NoSignIn::Denied),
    }
}

/// Nobody is connected by it. An account of ours keeps it: X may have given the very tokens that it has.
async fn give_back<P: Platform>(p: &P, config: &Config<'_>, given: &Given) -> Result<(), Stopped> {
    let desk = Desk::open(p, config, config.product(None)?)?;
    let signer = given.signer(&desk.app);
    let (profile, _) = whose::read(&whose::ask(&desk, &signer).await?)?;
    if !p.rows(accounts::get(&profile.id)).await?.is_empty() {
        return Ok(());
    }
    match given {
        Given::OAuth1(_) => desk.signed(sign_in::invalidate(&desk.app.base), &signer).await.map(drop),
        Given::OAuth2(grant) => ask(p, config.client(&desk.app)?.revoke(grant.latest())).await.map(drop),
    }
}

async fn ask<P: Platform>(p: &P, request: Request) -> Result<Response, Stopped> {
    let response = p.send(request).await?;
    match Fault::read(&response, p.now()) {
        Some((fault, _)) => Err(Stopped::Fault(fault)),
        None => Ok(response),
    }
}

fn unsealed(error: seal::SealError) -> Trouble {
    let (cause, mend) = error.said();
    Trouble::Settings(format!("{cause} {mend}"))
}

/// The browser's cookie: random, and bound to the request token by a mark that only this deployment can make.
fn marked(random: &str, request_token: &str, keys: &Keys) -> String {
    let mark = crc::sha256_mark(&keys.present, said(random, request_token).as_bytes());
    format!("{random}.{}", mark.trim_start_matches("sha256="))
}

fn is_marked(cookie: &str, request_token: &str, keys: &Keys) -> bool {
    let Some((random, mark)) = cookie.split_once('.') else { return false };
    let all: Vec<Secret> = [Some(keys.present.clone()), keys.previous.clone()].into_iter().flatten().collect();
    signature::verifies(Some(&format!("sha256={mark}")), said(random, request_token).as_bytes(), &all)
}

fn said(random: &str, request_token: &str) -> String {
    format!("perch sign-in {random} {request_token}")
}

/// A copy of the table opens no browser's way back.
fn hash(cookie: &Secret) -> String {
    Sha256::digest(cookie.reveal().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
