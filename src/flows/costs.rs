//! What X bills for the accounts, by its list prices: counted beside what causes it, shown by the day, capped where wanted.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refused::{Refused, find};
use crate::platform::Platform;
use crate::store::costs::{self, Received};
use crate::store::inbox::Arrival;
use crate::store::outbox::{Kind, Sending};
use crate::store::statement::Statement;
use crate::x_api::delivery::Item;
use crate::x_api::prices::{self, Price};
use crate::x_api::time::{Span, Timestamp};

/// Rows of one answer: things, accounts and days.
const MOST: i64 = 5_000;

/// What is billed of a delivery; `None` where nothing is.
pub fn of_arrivals(arrivals: &[Arrival], now: Timestamp) -> Option<Statement> {
    let mut all: Vec<Received<'_>> = arrivals
        .iter()
        .filter_map(|arrival| {
            let Price { what, mills } = of_arrival(arrival)?;
            Some(Received { key: &arrival.key, account_id: &arrival.account_id, what, mills })
        })
        .collect();
    // The same thing twice in one delivery is one.
    all.sort_by_key(|received| received.key);
    all.dedup_by_key(|received| received.key);
    (!all.is_empty()).then(|| costs::received(&all, now))
}

fn of_arrival(arrival: &Arrival) -> Option<Price> {
    match arrival.kind {
        "dm.message" => Item::message(&arrival.raw).ok().filter(|message| message.sender != arrival.account_id)?,
        "chat.received" => return Some(prices::CHAT_RECEIVED),
        "follow" => return Some(prices::FOLLOW),
        "mention" => return Some(prices::MENTION),
        _ => return None,
    };
    Some(prices::DM_RECEIVED)
}

/// What X bills for a message or a post that it has.
pub fn of_sent(row: &Sending, now: Timestamp) -> Statement {
    let price = match row.kind {
        Kind::Dm => prices::DM_SENT,
        Kind::Post => {
            let post = row.post();
            prices::of_post(&post.text, post.in_reply_to.is_some())
        }
    };
    costs::sent(&row.id, &row.conversation.account, price, now)
}

/// The last days, newest first, of one account or of all; and what they come to.
pub async fn list<P: Platform>(p: &P, account: Option<&str>, days: i64) -> Result<Value, Refused> {
    #[derive(Deserialize)]
    struct Row {
        day: Timestamp,
        account_id: String,
        username: Option<String>,
        what: String,
        count: i64,
        mills: i64,
    }
    let account = match account {
        Some(name) => Some(find(p, Some(name)).await?.id),
        None => None,
    };
    let from = p.now() - Span::days(days.clamp(1, 400) - 1);
    let rows: Vec<Row> = p.all(costs::since(account.as_ref(), from, MOST)).await?;
    let total: i64 = rows.iter().map(|row| row.mills).sum();
    let all: Vec<Value> = rows
        .into_iter()
        .map(|Row { day, account_id, username, what, count, mills }| {
            json!({"day": day.as_day(), "account": account_id, "username": username, "what": what, "count": count, "usd": usd(mills)})
        })
        .collect();
    Ok(json!({"costs": all, "total_usd": usd(total)}))
}

fn usd(mills: i64) -> f64 {
    // Thousandths of a dollar stay far below 2^53.
    #[allow(clippy::cast_precision_loss)]
    let mills = mills as f64;
    mills / 1000.0
}
