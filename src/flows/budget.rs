//! The send budget: what X's answers say of it, and the rest of an account that has spent it.

use serde::Deserialize;
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
use crate::x_api::time::{Span, Timestamp};

/// Whether the cap was raised is looked at so often.
const CAP_LOOKED_AT: Span = Span::minutes(15);

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

/// What waits in an account to be sent, and when a spent limit of X's is renewed, if one is and a message waits.
#[derive(Debug, Default, Deserialize)]
pub struct Waits {
    pub until: Option<Timestamp>,
    pub messages: i64,
    pub posts: i64,
}

impl Waits {
    /// Why the account has to rest, and how long; what was spent today is `cost`.
    pub fn rest(&self, gates: &Gates, cost: i64, now: Timestamp) -> Option<(Spent, Timestamp)> {
        // A message costs least: what has no room for one has none for a post.
        let is_capped = self.messages + self.posts > 0 && has_no_room(gates, cost, gates.message);
        match is_capped {
            true => Some((Spent::Cap, next_look(now))),
            false => self.until.map(|until| (Spent::Limit, until)),
        }
    }

    /// How long the account's posts have to, while its messages go on.
    pub fn rest_of_posts(&self, gates: &Gates, cost: i64, now: Timestamp) -> Option<Timestamp> {
        (self.posts > 0 && has_no_room(gates, cost, gates.post)).then(|| next_look(now))
    }
}

fn has_no_room(gates: &Gates, cost: i64, price: i64) -> bool {
    gates.cap.is_some_and(|cap| cost + price > cap)
}

fn next_look(now: Timestamp) -> Timestamp {
    now.next_midnight().min(now + CAP_LOOKED_AT)
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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const NOON: Timestamp = Timestamp(DAY / 2);

    fn gates(cap: Option<i64>) -> Gates {
        Gates { limits: "[]".to_owned(), cap, message: 15, post: 200 }
    }

    #[test]
    fn an_account_rests_where_something_waits_and_the_cap_has_no_room_for_a_message() {
        let quarter = NOON + Span::minutes(15);
        for (messages, posts, cap, cost, rest, of_posts) in [
            (1, 0, Some(100), 85, None, None),
            (1, 0, Some(100), 86, Some((Spent::Cap, quarter)), None),
            (0, 1, Some(100), 86, Some((Spent::Cap, quarter)), Some(quarter)),
            (0, 0, Some(100), 86, None, None),
            (0, 1, Some(300), 100, None, None),
            (1, 1, Some(300), 101, None, Some(quarter)),
            (1, 0, Some(300), 101, None, None),
            (1, 1, None, 1_000_000, None, None),
        ] {
            let waits = Waits { until: None, messages, posts };
            let told = (waits.rest(&gates(cap), cost, NOON), waits.rest_of_posts(&gates(cap), cost, NOON));
            assert_eq!(told, (rest, of_posts), "{messages} {posts} {cap:?} {cost}");
        }
    }

    #[test]
    fn a_limit_is_waited_for_to_its_end_and_a_cap_to_midnight_at_most() {
        let until = Some(NOON + Span::hours(3));
        let waits = Waits { until, messages: 1, posts: 1 };
        assert_eq!(waits.rest(&gates(None), 0, NOON), until.map(|until| (Spent::Limit, until)));
        let late = Timestamp(DAY) - Span::minutes(10);
        assert_eq!(waits.rest(&gates(Some(0)), 0, late), Some((Spent::Cap, Timestamp(DAY))));
        assert_eq!(waits.rest_of_posts(&gates(Some(0)), 0, late), Some(Timestamp(DAY)));
    }
}
