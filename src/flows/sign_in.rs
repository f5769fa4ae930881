//! Somebody signs in with X, so that we may act for their account: out to X's page, and back with what they said.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::connect::{self, Ask};
use super::report::Report;
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::invite;
pub use crate::invite::NoInvite;
use crate::platform::Platform;
use crate::seal::{self, Keys};
use crate::store::sign_ins::{self, Back};
use crate::x_api::crc;
use crate::x_api::fault::Fault;
use crate::x_api::oauth1::Credentials;
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
    /// Came back twice, too late, or in another browser.
    NotOnTheWay,
    /// They pressed "Cancel".
    Denied,
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

/// What X's page says when it sends somebody back.
pub enum Said {
    Yes { request_token: String, verifier: String },
    No,
}

/// An address that lets one person connect one account, within an hour. `door` is where they set out.
pub fn invite<P: Platform>(p: &P, config: &Config<'_>, door: &str) -> Result<Value, Trouble> {
    let (text, invite) = invite::make(&p.nonce(), &config.token_keys()?.present, p.now());
    Ok(json!({"url": format!("{door}?invite={text}"), "due_at": invite.due_at}))
}

pub async fn set_out<P: Platform>(p: &P, config: &Config<'_>, text: &str, callback: &str) -> Result<SetOut, NoSignIn> {
    let (keys, now) = (config.token_keys()?, p.now());
    let invite = invite::open(text, &keys.present, now).map_err(NoSignIn::Invite)?;
    let rows = p.sql(vec![sign_ins::is_used(&invite.id)]).await?;
    if rows.first().is_some_and(|rows| !rows.is_empty()) {
        return Err(NoSignIn::Used);
    }
    let app = config.app()?;
    let nobody = app.signing_as(Secret::new(""), Secret::new(""));
    let request = sign_in::request_token(&app.base, &nobody, callback, &p.nonce(), now);
    let pair = sign_in::read_confirmed(&ask(p, request).await?).ok_or_else(Stopped::unreadable)?;
    let request_token = pair.token.reveal();
    let cookie = Secret::new(marked(&p.nonce(), request_token, &keys));
    let sealed = sealed(&pair.secret, request_token, &keys, &p.nonce())?;
    let kept = format!("{}.{}", invite.id, invite.due_at.0);
    p.sql(sign_ins::set_out(request_token, sealed, &hash(&cookie), &kept, now + ON_THE_WAY, now)).await?;
    Ok(SetOut { location: sign_in::page(&app.base, request_token), cookie })
}

pub async fn come_back<P: Platform>(
    p: &P,
    config: &Config<'_>,
    said: Said,
    cookie: Option<&Secret>,
    origin: &str,
) -> Result<Report, NoSignIn> {
    let Said::Yes { request_token, verifier } = said else { return Err(NoSignIn::Denied) };
    let (keys, now) = (config.token_keys()?, p.now());
    // Whoever did not set out here costs us no look into the table.
    let is_ours = |cookie: &&Secret| is_marked(cookie.reveal(), &request_token, &keys);
    let cookie = cookie.filter(is_ours).ok_or(NoSignIn::NotOnTheWay)?;
    let rows = p.sql(vec![sign_ins::come_back(&request_token, &hash(cookie), now)]).await?;
    let back: Option<Back> = rows.into_iter().next().unwrap_or_default().first().map_err(Trouble::from)?;
    let back = back.ok_or(NoSignIn::NotOnTheWay)?;
    let secret = seal::open_text(&back.sealed, &request_token, &keys).map_err(unsealed)?;
    let app = config.app()?;
    let asking: Credentials = app.signing_as(Secret::new(request_token), secret);
    let request = sign_in::access_token(&app.base, &asking, &verifier, &p.nonce(), now);
    let pair = sign_in::read(&ask(p, request).await?).ok_or_else(Stopped::unreadable)?;
    // The invite counts from here on: X has said who it is.
    let (invite, due_at) = back.invite.split_once('.').unwrap_or((&back.invite, "0"));
    let due_at = crate::x_api::time::Timestamp(due_at.parse().unwrap_or(0));
    match p.sql(sign_ins::use_invite(invite, due_at, now)).await {
        Err(Trouble::Conflict(_)) => return Err(NoSignIn::Used),
        other => drop(other?),
    }
    let ask = Ask::of(pair.token, pair.secret);
    // The consumer keys are the deployment's own here, so nothing else is refused.
    Ok(connect::connect(p, config, &ask, origin).await.unwrap_or_default())
}

async fn ask<P: Platform>(p: &P, request: Request) -> Result<Response, Stopped> {
    let response = p.send(request).await?;
    match Fault::read(&response, p.now()) {
        Some((fault, _)) => Err(Stopped::Fault(fault)),
        None => Ok(response),
    }
}

fn sealed(secret: &Secret, about: &str, keys: &Keys, nonce: &str) -> Result<String, Trouble> {
    seal::seal_text(secret.reveal(), about, keys, nonce).map_err(unsealed)
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
