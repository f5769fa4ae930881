//! How it stands: what is wrong, since when, and what to do about it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::replay;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::health::{self, Watched};
use crate::store::{accounts, tokens};
use crate::x_api::time::{Span, Timestamp};

#[derive(Clone, Debug, Serialize)]
pub struct Health {
    pub well: bool,
    pub problems: Vec<Problem>,
    /// When X was last looked at (ms); `None`: never yet.
    pub checked_at: Option<Timestamp>,
    /// When X last delivered anything (ms).
    pub last_event_at: Option<Timestamp>,
    /// When X last sent a challenge that it signed (ms).
    pub last_crc_at: Option<Timestamp>,
    /// The latest replays, newest first.
    pub replays: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `registry`, `crc`, `webhook:…`, `subscriptions:…`, `subscription:…`, `kinds:…` or `account:…`.
    pub what: String,
    pub since: Timestamp,
    pub cause: String,
    pub what_to_do: String,
}

#[derive(Deserialize)]
struct At {
    at: Timestamp,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Why {
    said: String,
    what_to_do: String,
    /// X's, where the reason is a refusal with one.
    code: Option<i64>,
    by_hand: bool,
}

/// An account whose access token of OAuth 2.0 is not renewed.
#[derive(Deserialize)]
struct Ending {
    id: String,
    username: String,
    until: Timestamp,
}

/// X was asked for ten minutes by then.
const LEFT_UNRENEWED: Span = Span::minutes(20);

/// X challenges at least once a day, as far as is known.
const LONGEST_WITHOUT_CRC: Span = Span::hours(26);

pub async fn health<P: Platform>(p: &P) -> Result<Health, Trouble> {
    let now = p.now();
    let [watched, accounts, last_event, ending] = p
        .each([health::all(), accounts::in_trouble(now), health::last_event(), tokens::ending(now + LEFT_UNRENEWED)])
        .await?;
    let watched: Vec<Watched> = watched.all()?;
    let accounts: Vec<Value> = accounts.0;
    let last_event_at = last_event.first::<At>()?.map(|row| row.at);
    let ending: Vec<Ending> = ending.all()?;
    let find = |what: &str| watched.iter().find(|row| row.what == what);
    let crc = find("crc").and_then(|row| of_challenges(row, now));
    let problems = problems(&watched).chain(crc).chain(accounts.iter().filter_map(of_account));
    let problems: Vec<Problem> = problems.chain(ending.into_iter().map(of_ending)).collect();
    Ok(Health {
        well: problems.is_empty(),
        problems,
        checked_at: find("watch").map(|row| row.well_at).filter(|at| at.0 > 0),
        last_event_at,
        last_crc_at: find("crc").map(|row| row.well_at),
        replays: replay::latest(p).await?,
    })
}

fn problems(watched: &[Watched]) -> impl Iterator<Item = Problem> {
    watched.iter().filter(|row| row.status == "ill").map(|row| {
        let why = why(row.why.as_deref());
        Problem { what: row.what.clone(), since: row.since, cause: why.said, what_to_do: why.what_to_do }
    })
}

/// X has challenged the webhook before, and does so no more.
fn of_challenges(row: &Watched, now: Timestamp) -> Option<Problem> {
    (now - row.well_at > LONGEST_WITHOUT_CRC).then(|| Problem {
        what: "crc".to_owned(),
        since: row.well_at,
        cause: "X has sent no challenge that it signed for more than 26 hours.".to_owned(),
        what_to_do: "Have it send one: perch webhooks list, then perch webhooks validate ID.".to_owned(),
    })
}

fn of_ending(account: Ending) -> Problem {
    Problem {
        what: format!("account:{}", account.id),
        since: account.until - LEFT_UNRENEWED,
        cause: format!("X does not renew the sign-in of @{}; its token ends within twenty minutes.", account.username),
        what_to_do: "If X_CLIENT_ID or X_CLIENT_SECRET changed, set what is right now. Else have the account sign in again: perch connect.".to_owned(),
    }
}

/// An account whose tokens X does not take, or that rests for a reason that a person has to mend. One that rests for a
/// rate limit is no problem of health.
fn of_account(row: &Value) -> Option<Problem> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let status = text("status").unwrap_or_default();
    let why = why(text("why"));
    let name = text("username").unwrap_or_default();
    let cause = match (status, why.code) {
        ("ready", None | Some(88)) if !why.by_hand => return None,
        ("ready", _) => format!("@{name} sends nothing for now. {}", why.said),
        _ => format!("@{name} is {}. {}", status.replace('_', " "), why.said),
    };
    Some(Problem {
        what: format!("account:{}", text("id").unwrap_or_default()),
        since: Timestamp(row.get("updated_at").and_then(Value::as_i64).unwrap_or_default()),
        cause,
        what_to_do: why.what_to_do,
    })
}

fn why(json: Option<&str>) -> Why {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}
