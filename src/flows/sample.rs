//! A delivery and a challenge as X would sign them, for whoever tries the door, and whether the delivery came through.

use serde::Serialize;
use serde_json::{Value, json};

use super::receive::{Received, receive};
use super::refused::find;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::inbox;
use crate::x_api::crc;
use crate::x_api::delivery::Envelope;
use crate::x_api::signature::Signatures;

/// A delivery as X would sign it, of a kind that leads to nothing, and a challenge with its right answer.
#[derive(Debug, Serialize)]
pub struct Sample {
    /// What the delivery is known by.
    pub id: String,
    body: String,
    signature: String,
    crc_token: String,
    response_token: String,
    /// Where X delivers for the account; `None`: for none yet.
    url: Option<String>,
}

/// For whoever tries the door from outside: a Worker does not reach its own address everywhere.
pub async fn make<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Sample, String> {
    let secret = config.delivery_secrets().consumer.into_iter().next().ok_or("X_CONSUMER_SECRET is not set.")?;
    let of_challenges = config.crc_secret(None).ok_or("X_CONSUMER_SECRET is not set.")?;
    let body = json!({"perch_sample_events": [{"sample": p.nonce()}]}).to_string();
    let known = Envelope::read(&body).and_then(|envelope| envelope.items().into_iter().next());
    let crc_token = p.nonce();
    Ok(Sample {
        id: known.ok_or("The sample cannot be read.")?.id,
        signature: crc::sha256_mark(&secret, body.as_bytes()),
        body,
        response_token: crc::sha256_mark(&of_challenges, crc_token.as_bytes()),
        crc_token,
        // As X's registry had it when the account was subscribed there.
        url: find(p, account).await.ok().and_then(|account| account.webhook_url),
    })
}

/// Sends a sample through from here, behind the door. Gives what it is known by.
pub async fn send<P: Platform>(p: &P, config: &Config<'_>) -> Result<String, String> {
    let sample = make(p, config, None).await?;
    let given = Signatures { consumer: Some(&sample.signature), client: None };
    match receive(p, config, given, sample.body.as_bytes()).await {
        Received::Queued { .. } => Ok(sample.id),
        Received::Spilled { trouble } => Err(format!("The queue refuses: {trouble}.")),
        _ => Err("The sample was refused at the door.".to_owned()),
    }
}

/// Whether the sample has come through queue and tables; then it is deleted.
pub async fn arrived<P: Platform>(p: &P, id: &str) -> Result<Value, Trouble> {
    let key = inbox::key(&super::arrivals::APP.into(), "unknown", id);
    Ok(json!({"arrived": !p.rows(inbox::take_sample(&key)).await?.is_empty()}))
}
