//! Whoever comes through Cloudflare Access is logged in as the agent of that mail address.

use bytes::Bytes;
use http::StatusCode;

use super::log_in;
use crate::access::{Gate, key_among};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::{self, Agent};
use crate::x_api::secret::Secret;

/// What became of it.
#[derive(Debug)]
pub enum Came {
    /// Logged in: the cookie's value.
    In(Secret),
    /// The token is good, and no agent has this mail address.
    Stranger(String),
    /// The token is not of this gate, or over, or not signed by Cloudflare.
    Refused,
}

pub async fn come<P: Platform>(p: &P, gate: &Gate, token: &str) -> Result<Came, Trouble> {
    let Some(token) = gate.read(token, p.now()) else { return Ok(Came::Refused) };
    let ask = http::Request::get(gate.keys_at()).body(Bytes::new());
    let ask = ask.map_err(|_| Trouble::Settings("ACCESS_TEAM is no name and no address".to_owned()))?;
    let keys = p.send(ask).await?;
    if keys.status() != StatusCode::OK {
        return Err(Trouble::Network(format!("Cloudflare Access answers {} for its keys", keys.status().as_u16())));
    }
    let Some(key) = key_among(keys.body(), &token.key) else { return Ok(Came::Refused) };
    if !p.is_signed_by(&key, &token.signed, &token.signature).await? {
        return Ok(Came::Refused);
    }
    let agent: Option<Agent> = p.first(agents::by_login(&token.email)).await?;
    match agent {
        // Removed at this very moment: a stranger.
        Some(agent) => {
            Ok(log_in::begin(p, &agent.id, &agent.login, None).await?.map_or(Came::Stranger(token.email), Came::In))
        }
        None => Ok(Came::Stranger(token.email)),
    }
}
