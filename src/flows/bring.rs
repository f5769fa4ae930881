//! One file, brought to X while somebody waits for it.

use super::stopped::Stopped;
use super::upload::upload;
use crate::config::Config;
use crate::platform::Platform;
use crate::store::media;
use crate::x_api::ids::{MediaId, UserId};
use crate::x_api::time::{Span, Timestamp};

/// Jobs of an upload, one after the other.
const MOST_ROUNDS: usize = 4;

/// What takes X longer goes on by itself, and is there at another try.
pub async fn bring<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &UserId,
    sha256: &str,
    source: Option<&str>,
) -> Result<MediaId, Stopped> {
    #[derive(serde::Deserialize)]
    struct State {
        x_id: Option<MediaId>,
        status: String,
        why: Option<String>,
        due_at: Timestamp,
    }
    p.sql(vec![media::want_file(account, sha256, source, p.now())]).await?;
    let (mut why, mut due_at) = (None, p.now());
    for _ in 0..MOST_ROUNDS {
        upload(p, config, account, sha256).await?;
        let state: Option<State> = p.first(media::state(account, sha256)).await?;
        let Some(state) = state else { break };
        match (state.status.as_str(), state.x_id) {
            ("ready", Some(id)) => return Ok(id),
            ("failed", _) => return Err(Stopped::not_taken(&state.why.unwrap_or_default())),
            _ => (why, due_at) = (state.why, state.due_at),
        }
        if due_at > p.now() {
            break;
        }
    }
    let wait = (due_at - p.now()).clamp(Span::seconds(1), Span::minutes(1));
    Err(Stopped::Waits(why.unwrap_or_else(|| "X is still at work on the file.".to_owned()), wait))
}
