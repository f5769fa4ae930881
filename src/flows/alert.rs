//! Whoever is to be told that something is wrong, or well again, is told: once for each change.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::health::{Health, health};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::standard_webhooks;
use crate::store::health as store;
use crate::x_api::request::CallLimit;

/// The other side has so long to answer (s).
const WITHIN: u32 = 10;

/// What is not told for want of an answer is told by the next run.
pub async fn tell_changes<P: Platform>(p: &P, config: &Config<'_>) -> Result<(), Trouble> {
    let Some((url, secret)) = config.alert() else { return Ok(()) };
    let health = health(p).await?;
    let now_wrong: Vec<&str> = health.problems.iter().map(|problem| problem.what.as_str()).collect();
    let now_wrong = now_wrong.join(" ");
    let all: Vec<store::Watched> = p.all(store::all()).await?;
    let before = all.into_iter().find(|row| row.what == "alert");
    let told = before.as_ref().and_then(|row| row.why.clone()).unwrap_or_default();
    if told == now_wrong {
        return Ok(());
    }
    let body = body(&health, p.now().0);
    // The same for every try, and another one when it comes to the same again.
    let id = format!("{} {told} {now_wrong}", before.map_or(0, |row| row.checked_at.0));
    let id: String = Sha256::digest(id.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let mut request = standard_webhooks::request(&url, secret.as_ref(), &id, body, p.now());
    request.extensions_mut().insert(CallLimit { seconds: WITHIN, bytes: 64 << 10 });
    if p.send(request).await.is_ok_and(|response| response.status().is_success()) {
        p.sql(vec![store::noted("alert", &now_wrong, p.now())]).await?;
    }
    Ok(())
}

fn body(health: &Health, at: i64) -> String {
    let problems: Vec<_> = health.problems.iter().collect();
    json!({"type": "health.changed", "timestamp": at, "data": {"well": health.well, "problems": problems}}).to_string()
}
