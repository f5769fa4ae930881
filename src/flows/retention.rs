//! Every minute: what was said longer ago than its account keeps it is deleted, a part at a time; then files that nobody needs.

use serde_json::{Value, json};

use super::refused::{Refused, find};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::retention::{self, Over};
use crate::store::{accounts, media};
use crate::x_api::time::Span;

/// Entries and messages that one run looks at.
const MOST: i64 = 500;
/// Conversations without a word that one run looks at, once an hour.
const MOST_WORDLESS: i64 = 5_000;
/// Files, and parts of 1 MiB, that one run looks at.
const MOST_FILES: i64 = 20;
/// X may deliver again what is younger: what was answered has to be known for so long.
pub const SHORTEST: i64 = 35;
pub const LONGEST: i64 = 3_650;

/// Gives the number of accounts of which something was deleted.
pub async fn delete_old<P: Platform>(p: &P, config: &Config<'_>) -> Result<usize, Trouble> {
    let (days, now) = (config.retention_days(), p.now());
    // Whose a dead letter is shows in its text alone, and a conversation without a word stands among all that are old: too much
    // to read for every minute. What was said waits for the next.
    let is_hourly = now.0 % Span::hours(1).0 < Span::minutes(1).0;
    let find = if is_hourly { retention::wordless(days, MOST_WORDLESS, now) } else { retention::over(days, MOST, now) };
    let mut batch = vec![find, retention::delete_messages(days, MOST, now)];
    if is_hourly {
        batch.extend(retention::delete_trouble(days, MOST, now));
    }
    let over: Vec<Over> = p.sql(batch).await?.into_iter().next().unwrap_or_default().all()?;
    for one in &over {
        p.sql(retention::delete(one)).await?;
    }
    if over.is_empty() {
        p.sql(media::tidy(now - Span::days(1), now, MOST_FILES).into()).await?;
    }
    Ok(over.len())
}

/// From now on. `days`: 0 is for ever, `None` as the setting `RETENTION_DAYS` says. The inner error says what cannot be.
pub async fn choose<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    days: Option<i64>,
) -> Result<Result<Value, String>, Refused> {
    let account = find(p, account).await?;
    if days.is_some_and(|days| days != 0 && !(SHORTEST..=LONGEST).contains(&days)) {
        return Ok(Err(format!("days is {SHORTEST} to {LONGEST}, or 0 for ever")));
    }
    p.sql(vec![accounts::keeps(&account.id, days, p.now())]).await?;
    let in_force = days.or(config.retention_days()).unwrap_or(0);
    Ok(Ok(json!({"account": account.id, "username": account.username, "days": days, "in_force": in_force})))
}
