//! The send budget: what X's answers say of it, and the rest of an account that has spent it.

use serde_json::json;

use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account, Held};
use crate::store::budgets;
use crate::store::outbox::{Gates, Sending};
use crate::store::statement::Statement;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::UserId;
use crate::x_api::limits::{self, DOCUMENTED};
use crate::x_api::prices;
use crate::x_api::request::Response;
use crate::x_api::time::Timestamp;

/// The limits that are held against what was sent, as the tables take them. A mistyped setting is the doctor's to tell;
/// until it is mended, what X documents counts.
pub fn gates(config: &Config<'_>) -> Gates {
    let limits = config.send_limits().unwrap_or_else(|_| DOCUMENTED.to_vec());
    let limits = serde_json::to_string(&limits).unwrap_or_default();
    Gates { limits, cap: config.daily_cap(), message: prices::DM_SENT.mills, post: prices::POST_WITH_URL.mills }
}

/// What X's answer to a message says of the budget. Only in plain: the headers of v1.1 do not count answers, of which X
/// takes more than they say.
pub fn corrections(sending: &Sending, account: &Account, response: &Response, now: Timestamp) -> Vec<Statement> {
    if account.speaks == Speaks::Rich {
        return Vec::new();
    }
    let told = limits::told(response, now).into_iter();
    told.map(|told| budgets::correct(&account.id, account.speaks, &told, &sending.id, now)).collect()
}

/// Why nothing more goes out for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    Limit,
    Cap,
    /// Too much of it for a post; messages still go.
    CapForPosts,
}

impl Spent {
    pub fn why(self) -> String {
        match self {
            Self::Limit => json!({
                "said": "The account has sent all that X allows for now.",
                "what_to_do": "Nothing: what waits goes out in order when X's limit is renewed, people's words before the bot's.",
                "code": 88,
            }),
            Self::Cap => json!({
                "said": "The account has cost what DAILY_CAP_USD allows for today.",
                "what_to_do": "Raise DAILY_CAP_USD, which counts within a quarter of an hour, or wait: what is owed goes out after midnight UTC. See: perch costs",
            }),
            Self::CapForPosts => json!({
                "said": "A post may cost more than DAILY_CAP_USD leaves for today: X bills 0.20 USD for one with a link.",
                "what_to_do": "Raise DAILY_CAP_USD, which counts within a quarter of an hour, or wait until midnight UTC. See: perch costs",
            }),
        }
        .to_string()
    }
}

/// The account rests until its budget is renewed. Gives the drain job to queue, where none is on its way.
pub async fn rest<P: Platform>(
    p: &P,
    account: &UserId,
    (spent, until): (Spent, Timestamp),
) -> Result<Option<Held>, Trouble> {
    let now = p.now();
    let [_, held] = p.each([accounts::spent(account, until), accounts::hold(account, until, spent.why(), now)]).await?;
    Ok(held.first()?)
}
