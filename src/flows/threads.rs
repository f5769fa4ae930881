//! What people see and do in the inbox: the list of conversations, one with all that was said, notes, what was read.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refused::{Refused, find};
use super::tell::write;
use super::{budget, cursor};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::agents::Agent;
pub use crate::store::conversations::ConversationId;
use crate::store::statement::Rows;
use crate::store::{budgets, conversations, outbox, threads};
use crate::x_api::ids::UserId;

/// Rows of the list on one page, and messages of a conversation.
const PAGE: i64 = 50;
/// The most that is shown from a message on.
const SINCE: i64 = 1_000;

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Those that the agent has or is asked for.
    Mine,
    /// Those that nobody has yet.
    Waiting,
    /// Those that people have or are to take.
    Open,
    All,
}

/// A conversation as the inbox names it.
#[derive(Clone, Debug, Deserialize)]
pub struct Which {
    pub account: Option<String>,
    pub customer: UserId,
}

/// A page, and behind which conversation the next one begins: `moment.account:customer`.
pub async fn list<P: Platform>(
    p: &P,
    view: View,
    agent: Option<&Agent>,
    account: Option<&str>,
    before: Option<&str>,
) -> Result<Value, Refused> {
    let account = match account {
        Some(name) => Some(find(p, Some(name)).await?.id),
        None => None,
    };
    let (account, now) = (account.as_ref(), p.now());
    let statement = match view {
        View::Mine => threads::open(Some(agent.map_or("", |agent| agent.id.as_str())), account, PAGE * 4, now),
        View::Waiting => threads::waiting(account, PAGE * 4, now),
        View::Open => threads::open(None, account, PAGE * 4, now),
        View::All => {
            let (before, id) = cursor::behind(before);
            threads::latest(account, before, id, PAGE, now)
        }
    };
    let all = first(p.sql(vec![statement]).await?).into_iter().map(listed).collect::<Vec<_>>();
    let is_full = view == View::All && i64::try_from(all.len()).is_ok_and(|count| count == PAGE);
    let next = all.last().filter(|_| is_full).map(|row| {
        let [at, account, customer] = ["updated_at", "account_id", "customer_id"].map(|name| row.get(name));
        let text = |cell: Option<&Value>| cell.and_then(Value::as_str).unwrap_or_default().to_owned();
        format!("{}.{}:{}", at.unwrap_or_default(), text(account), text(customer))
    });
    Ok(json!({"conversations": all, "next": next, "at": now}))
}

/// A row of the list as a browser wants it: what SQLite wrote as JSON is JSON again.
pub fn listed(mut row: Value) -> Value {
    unpack(&mut row, "last");
    row
}

/// Which part of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Latest,
    /// What stands before this message.
    Before(&'a str),
    /// This message, a little before it, and what came after it.
    Since(&'a str),
}

/// A part of what was said, and everything else that is known.
pub async fn thread<P: Platform>(p: &P, config: &Config<'_>, which: &Which, part: Part<'_>) -> Result<Value, Refused> {
    let id = named(p, which).await?;
    seen_by_people(p, &budget::gates(config).limits, &id, part).await.map_err(Refused::from)
}

/// The same of a conversation that is known to be there; `limits`: against which its account's messages are held.
pub async fn seen_by_people<P: Platform>(
    p: &P,
    limits: &str,
    id: &ConversationId,
    part: Part<'_>,
) -> Result<Value, Trouble> {
    let entries = match part {
        Part::Latest => threads::entries(id, None, PAGE),
        Part::Before(message) => threads::entries(id, Some(message), PAGE),
        Part::Since(message) => threads::entries_since(id, message, SINCE),
    };
    let now = p.now();
    let budgets = budgets::of_accounts(json!([id.account]).to_string(), limits, now);
    let all = [threads::one(id, now), entries, threads::unsaid(id), threads::notes(id), threads::handoffs(id), budgets];
    let [mut conversation, Rows(mut entries), Rows(mut unsaid), notes, handoffs, budgets] = p.each(all).await?;
    let mut conversation = conversation.0.pop().map(listed);
    conversation.iter_mut().for_each(|row| unpack(row, "why"));
    // From a message on there is nearly always something before it.
    let is_full = match part {
        Part::Since(message) => {
            entries.last().and_then(|row| row.get("x_id")?.as_str()).is_some_and(|first| first < message)
        }
        _ => i64::try_from(entries.len()).is_ok_and(|count| count == PAGE),
    };
    entries.reverse();
    for row in entries.iter_mut().chain(&mut unsaid) {
        unpack(row, "body");
        unpack(row, "why");
    }
    Ok(json!({
        "account_id": id.account, "customer_id": id.customer, "conversation": conversation,
        "entries": entries, "more": is_full, "unsaid": unsaid, "notes": notes.0, "handoffs": handoffs.0, "budgets": budgets.0,
    }))
}

pub async fn note<P: Platform>(p: &P, agent: &Agent, id: &ConversationId, text: &str) -> Result<Value, Refused> {
    let (name, now) = (p.nonce(), p.now());
    p.sql(vec![threads::note(id, &name, Some(&agent.id), text, now), threads::touch(id, now)]).await?;
    Ok(json!({"id": name, "at": now}))
}

/// A message that failed, or of which nobody knows: somebody has seen it and made up their mind.
pub async fn dismiss<P: Platform>(p: &P, id: &ConversationId, message: &str) -> Result<Value, Refused> {
    write(p, vec![outbox::dismiss(id, message), threads::touch(id, p.now())], None).await?;
    Ok(json!({"ok": true}))
}

/// The bot may answer again before the pause is over.
pub async fn resume<P: Platform>(p: &P, id: &ConversationId) -> Result<Value, Refused> {
    write(p, vec![conversations::resume(id, p.now())], None).await?;
    Ok(json!({"ok": true}))
}

pub async fn named<P: Platform>(p: &P, which: &Which) -> Result<ConversationId, Refused> {
    found(p, which).await.map(|(id, _)| id)
}

/// With the account.
pub async fn found<P: Platform>(p: &P, which: &Which) -> Result<(ConversationId, Account), Refused> {
    let account = find(p, which.account.as_deref()).await?;
    if !which.customer.is_number() || account.id == which.customer {
        return Err(Refused::NoCustomer);
    }
    Ok((ConversationId { account: account.id.clone(), customer: which.customer.clone() }, account))
}

fn unpack(row: &mut Value, name: &str) {
    if let Some(field) = row.get_mut(name)
        && let Some(text) = field.as_str()
    {
        *field = serde_json::from_str(text).unwrap_or_default();
    }
}

fn first(rows: Vec<Rows>) -> Vec<Value> {
    rows.into_iter().next().unwrap_or_default().0
}
