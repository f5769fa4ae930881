//! Messages whose outcome is not known: one look at the account's latest messages on X for all of them together.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::converse::converse_or_leave;
use super::echo::is_echo_of;
use crate::config::{Config, WhenDoubtful};
use crate::error::Trouble;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::seal;
use crate::store::accounts::{self, Account};
use crate::store::entries;
use crate::store::outbox::{self, Sending};
use crate::store::statement::Statement;
use crate::x_api::dm::{self, Page};
use crate::x_api::event::Message;
use crate::x_api::fault::Fault;
use crate::x_api::ids::{DmId, UserId};
use crate::x_api::time::{Span, Timestamp};

/// X allows 15 looks in 15 minutes; one a minute leaves room for others.
const LOOKS_APART: Span = Span::minutes(1);
/// After so many looks …
const ENOUGH_LOOKS: i64 = 2;
/// … and so much time a message that was not found is doubtful.
const LONG_ENOUGH: Span = Span::minutes(10);
const BETWEEN_LOOKS: Span = Span::minutes(5);
/// Pages of 50 that one look reads at most.
const MOST_PAGES: usize = 3;

pub async fn settle<P: Platform>(p: &P, config: &Config<'_>, account: &UserId) -> Result<Outcome, Trouble> {
    let now = p.now();
    let mut rows = p.sql(vec![accounts::get(account), outbox::unknown_of(account, now)]).await?.into_iter();
    let found: Option<Account> = rows.next().unwrap_or_default().first()?;
    let open: Vec<Sending> = rows.next().unwrap_or_default().all()?;
    let Some(holder) = found.filter(|_| !open.is_empty()) else {
        return Ok(Outcome::Done);
    };
    let claimed = p.sql(vec![accounts::look(account, now - LOOKS_APART, now)]).await?;
    if claimed.iter().all(crate::store::statement::Rows::is_empty) {
        p.enqueue(vec![Job::Settle { account: account.clone() }.after(LOOKS_APART)]).await?;
        return Ok(Outcome::Done);
    }
    let oldest = open.iter().map(|row| row.intent_at).min().unwrap_or(now);
    let look = look(p, config, &holder, oldest).await?;
    let known = known(p, account, &look.messages).await?;
    let mut statements = Vec::new();
    let mut taken = known;
    let mut settled = BTreeSet::new();
    for row in &open {
        let seen = look.messages.iter().find(|seen| !taken.contains(&seen.id) && is_ours(seen, row, account));
        if let Some(seen) = seen {
            taken.insert(seen.id.clone());
            settled.insert(row.conversation.clone());
            statements.push(outbox::sent(&row.id, &seen.id, now));
            statements.push(entries::insert(&row.conversation, &seen.id, seen.created, &row.holder, &row.message()));
        } else if look.is_conclusive {
            statements.extend(not_found(row, config.when_doubtful(), now));
            settled.insert(row.conversation.clone());
        } else {
            statements.push(outbox::look_again(&row.id, now + BETWEEN_LOOKS));
        }
    }
    p.sql(statements).await?;
    for conversation in &settled {
        converse_or_leave(p, config, conversation).await;
    }
    Ok(Outcome::Done)
}

fn is_ours(seen: &Message, row: &Sending, account: &UserId) -> bool {
    seen.sender == *account && is_echo_of(seen, row)
}

fn not_found(row: &Sending, when_doubtful: WhenDoubtful, now: Timestamp) -> Vec<Statement> {
    if row.looks + 1 < ENOUGH_LOOKS || now - row.intent_at < LONG_ENOUGH {
        return vec![outbox::not_found(&row.id, now + BETWEEN_LOOKS)];
    }
    match when_doubtful {
        WhenDoubtful::Park => vec![outbox::doubtful(&row.id)],
        WhenDoubtful::Resend => {
            vec![outbox::owed_again(&row.id, now, r#"{"said":"Not found on X after ten minutes: sent again."}"#)]
        }
    }
}

struct Look {
    messages: Vec<Message>,
    /// It reached back beyond the oldest intent: what it does not show, X does not have.
    is_conclusive: bool,
}

/// X's word on what the account sent lately. When X refuses or does not answer, the look showed nothing.
async fn look<P: Platform>(p: &P, config: &Config<'_>, account: &Account, since: Timestamp) -> Result<Look, Trouble> {
    let app = config.app()?;
    let tokens = seal::open(&account.tokens, &account.id, &config.token_key()?)
        .map_err(|error| Trouble::Settings(error.said().0.to_owned()))?;
    let keys = app.signing_as(tokens.token, tokens.secret);
    let mut look = Look { messages: Vec::new(), is_conclusive: false };
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let request = dm::list(&app.base, cursor.as_deref()).signed(&keys, &p.nonce(), p.now());
        let Ok(response) = p.send(request).await else { return Ok(look) };
        if Fault::read(&response, p.now()).is_some() {
            return Ok(look);
        }
        let Ok(page) = Page::read(&response) else { return Ok(look) };
        let reached = page.messages.iter().any(|message| message.created < since);
        look.messages.extend(page.messages);
        cursor = page.next;
        if reached || cursor.is_none() {
            look.is_conclusive = true;
            return Ok(look);
        }
    }
    Ok(look)
}

/// Which of these messages are settled as ours already: the same text twice is two messages.
async fn known<P: Platform>(p: &P, account: &UserId, seen: &[Message]) -> Result<BTreeSet<DmId>, Trouble> {
    #[derive(Deserialize)]
    struct Known {
        x_id: DmId,
    }
    let ids: Vec<&DmId> = seen.iter().map(|message| &message.id).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    let rows = p.sql(vec![outbox::known_among(account, ids)]).await?;
    let known: Vec<Known> = rows.into_iter().next().unwrap_or_default().all()?;
    Ok(known.into_iter().map(|known| known.x_id).collect())
}
