//! An account's own list of messages on X, read back to a moment: what it shows and nobody delivered is an event like any other.

use std::collections::BTreeSet;

use super::arrivals::not_before;
use super::converse::converse_or_leave;
use super::handled::Handled;
use super::keys;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Outcome;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::conversations::ConversationId;
use crate::store::costs;
use crate::store::inbox::{self, Arrival};
use crate::store::replays::{self, LookUp};
use crate::x_api::dialect::Speaks;
use crate::x_api::dm::{Page, Seen};
use crate::x_api::fault::{Fault, Verdict};
use crate::x_api::ids::UserId;
use crate::x_api::prices::DM_READ;
use crate::x_api::time::{Span, Timestamp};

/// X allows 15 looks at the list in 15 minutes. Whoever asks how a message went (`settle.rs`) comes first.
const PAGES_APART: Span = Span::seconds(90);
/// A worker that is lost is made up for after this.
const AGAIN: Span = Span::minutes(5);
/// After so many refusals and silences in a row it is tried once an hour …
const OFTEN: i64 = 20;
const RARELY: Span = Span::hours(1);
/// … until X shows nothing of that time any more: it has no messages that are older than this.
const REACH: Span = Span::days(30);
/// The sweep leaves an event alone for so long.
const HEAD_START: Span = Span::seconds(30);

/// One page. The sweep brings the next one.
pub async fn look_up<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &UserId,
    from: Timestamp,
) -> Result<Handled, Trouble> {
    let now = p.now();
    let [look_up, found] =
        p.each([replays::take_look_up(account, from, now, now + AGAIN), accounts::get(account)]).await?;
    let Some(look_up) = look_up.first::<LookUp>()? else { return Ok(Outcome::Done.into()) };
    let is_vain = look_up.attempts > OFTEN && now - from > REACH;
    let Some(found) = found.first::<Account>()?.filter(|found| found.hears == 1 && !is_vain) else {
        p.sql(vec![replays::looked_up(account, from)]).await?;
        return Ok(Outcome::Done.into());
    };
    // One that is signed out, or whose owner took the access away, is looked into once it is back, however late.
    if found.status != "ready" {
        p.sql(vec![replays::look_later(account, from, now + RARELY)]).await?;
        return Ok(Outcome::Done.into());
    }
    if look_up.attempts > OFTEN {
        p.sql(vec![replays::look_again(account, from, now + RARELY)]).await?;
    }
    // Settings that do not sign are tried again with the rest: the row is due.
    let Ok(keys) = keys::of(p, config, &found).await else { return Ok(Outcome::Done.into()) };
    if p.rows(accounts::look(account, now - PAGES_APART, now)).await?.is_empty() {
        p.sql(vec![replays::look_later(account, from, now + PAGES_APART)]).await?;
        return Ok(Outcome::Done.into());
    }
    // A cursor is one dialect's own, and is kept behind its name: in the other one the list is read anew.
    let dialect = found.speaks.as_str();
    let cursor = look_up.cursor.as_deref().and_then(|cursor| cursor.strip_prefix(dialect));
    let request = keys.sign(p, found.speaks.list(&keys.base, false, cursor));
    let Ok(response) = p.send(request).await else { return Ok(Outcome::Done.into()) };
    if let Some((_, verdict)) = Fault::read(&response, now) {
        let wait = if let Verdict::After(span, _) = verdict { span.max(PAGES_APART) } else { AGAIN };
        p.sql(vec![replays::look_again(account, from, now + wait)]).await?;
        return Ok(Outcome::Done.into());
    }
    let Ok(Page { seen, next }) = found.speaks.page(&response) else { return Ok(Outcome::Done.into()) };
    let reached = seen.iter().any(|seen| seen.message.created < from);
    let missed: Vec<&Seen> = seen.iter().filter(|seen| seen.message.created >= from).collect();
    let arrivals: Vec<Arrival> = missed.iter().filter_map(|seen| arrival(account, seen, now)).collect();
    let read = i64::try_from(seen.len()).unwrap_or_default();
    let billed = if found.speaks == Speaks::Plain { read } else { 0 };
    let mut statements = vec![costs::add(account, DM_READ, billed, now)];
    statements.extend(inbox::insert(&arrivals));
    statements.push(match next.filter(|_| !reached) {
        Some(cursor) => replays::next_page(account, from, &[dialect, cursor.as_str()].concat(), now + PAGES_APART),
        None => replays::looked_up(account, from),
    });
    p.sql(statements).await?;
    let touched: BTreeSet<ConversationId> = arrivals
        .into_iter()
        .filter_map(|arrival| Some(ConversationId { account: arrival.account_id, customer: arrival.customer_id? }))
        .collect();
    let mut handled = Handled::from(Outcome::Done);
    for conversation in &touched {
        handled.troubles.extend(converse_or_leave(p, config, conversation, None).await);
    }
    Ok(handled)
}

fn arrival(account: &UserId, seen: &Seen, now: Timestamp) -> Option<Arrival> {
    Some(Arrival {
        key: inbox::key(account, "dm.message", seen.message.id.as_str()),
        account_id: account.clone(),
        customer_id: Some(seen.message.other_than(account)?.clone()),
        kind: "dm.message",
        event_id: seen.message.id.to_string(),
        created_at: seen.message.created,
        received_at: now,
        raw: seen.raw.clone(),
        status: "new",
        outcome: None,
        due_at: Some((now + HEAD_START).max(not_before(seen.message.created, now))),
        settled_at: None,
        not_before: not_before(seen.message.created, now),
        is_own: seen.message.sender == *account,
    })
}
