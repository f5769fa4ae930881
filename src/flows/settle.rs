//! Messages whose outcome is not known: one look at the account's latest messages on X for all of them together.

use std::collections::BTreeSet;

use super::converse::converse_or_leave;
use super::echo::is_echo_of;
use super::handled::Handled;
use super::keys;
use super::outcome::on_x;
use super::tell::write;
use crate::config::{Config, WhenDoubtful};
use crate::error::Trouble;
use crate::job::Outcome;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::costs;
use crate::store::outbox::{self, Sending};
use crate::store::statement::Statement;
use crate::x_api::dialect::Speaks;
use crate::x_api::event::Message;
use crate::x_api::fault::Fault;
use crate::x_api::ids::{DmId, UserId};
use crate::x_api::prices::DM_READ;
use crate::x_api::time::{Span, Timestamp};

/// X allows 15 pages in 15 minutes, of which `look_up.rs` takes what is left here.
const LOOKS_APART: Span = Span::minutes(1);
/// A further page keeps the next look back for so long: for its minute, and some room for calls that nobody claims.
const PER_FURTHER_PAGE: Span = Span::seconds(75);
/// After so many looks …
const ENOUGH_LOOKS: i64 = 2;
/// … and so much time a message that was not found is doubtful.
const LONG_ENOUGH: Span = Span::minutes(10);
const BETWEEN_LOOKS: Span = Span::minutes(5);
/// Without any look that could tell, it is doubtful after this.
const TOO_LONG: Span = Span::hours(1);
/// Pages of 50 that one look reads at most.
const MOST_PAGES: i64 = 3;

/// The sweep calls this again for as long as anything is unknown; so nothing here queues itself.
pub async fn settle<P: Platform>(p: &P, config: &Config<'_>, account: &UserId) -> Result<Handled, Trouble> {
    let now = p.now();
    let [found, open] = p.each([accounts::get(account), outbox::unknown_of(account, now)]).await?;
    let open: Vec<Sending> = open.all()?;
    let Some(found) = found.first::<Account>()?.filter(|_| !open.is_empty()) else {
        return Ok(Outcome::Done.into());
    };
    let oldest = open.iter().map(|row| row.intent_at).min().unwrap_or(now);
    let may_look = !p.rows(accounts::look(account, now - LOOKS_APART, now)).await?.is_empty();
    // An account that is signed out shows nothing, and time goes on all the same; one that was looked at a moment ago is looked at later.
    let look = match may_look {
        true => look(p, config, &found, oldest).await,
        false => Look { waits: found.status == "ready", ..Look::default() },
    };
    let mut taken = known(p, account, &look.messages).await?;
    let read = i64::try_from(look.messages.len()).unwrap_or_default();
    let mut statements = vec![costs::add(account, DM_READ, if found.speaks == Speaks::Plain { read } else { 0 }, now)];
    if look.further > 0 {
        statements.push(accounts::looked(account, now + Span(PER_FURTHER_PAGE.0 * look.further)));
    }
    let mut settled = BTreeSet::new();
    for row in &open {
        let seen = look.messages.iter().find(|seen| !taken.contains(&seen.id) && is_ours(seen, row, account));
        if let Some(seen) = seen {
            taken.insert(seen.id.clone());
            statements.extend(on_x(row, &seen.id, seen.created, now));
        } else {
            statements.push(not_found(row, &look, config.when_doubtful(), now));
        }
        settled.insert(row.conversation.clone());
    }
    write(p, statements, None).await?;
    let mut handled = Handled::from(Outcome::Done);
    for conversation in &settled {
        handled.troubles.extend(converse_or_leave(p, config, conversation, None).await);
    }
    Ok(handled)
}

fn is_ours(seen: &Message, row: &Sending, account: &UserId) -> bool {
    seen.sender == *account && is_echo_of(seen, row)
}

fn not_found(row: &Sending, look: &Look, when_doubtful: WhenDoubtful, now: Timestamp) -> Statement {
    let waited = now - row.intent_at;
    let enough = row.looks + 1 >= ENOUGH_LOOKS && waited >= LONG_ENOUGH;
    match (look.is_conclusive, when_doubtful) {
        (true, WhenDoubtful::Park) if enough => outbox::doubtful(row),
        (true, WhenDoubtful::Resend) if enough => {
            outbox::owed_again(row, now, r#"{"said":"Not found on X after ten minutes: sent again."}"#)
        }
        (true, _) => outbox::not_found(row, now + BETWEEN_LOOKS),
        // X shows nothing, refuses, or shows too little: sending again would be a guess, waiting for ever a wall.
        (false, _) if waited >= TOO_LONG && !look.waits => outbox::doubtful(row),
        (false, _) => outbox::look_again(row, now + LOOKS_APART),
    }
}

#[derive(Default)]
struct Look {
    messages: Vec<Message>,
    /// It reached back beyond the oldest intent: what it does not show, X does not have.
    is_conclusive: bool,
    /// Pages that were asked for beyond the first.
    further: i64,
    /// X was not asked: somebody else has just looked.
    waits: bool,
}

/// X's word on what the account sent lately. When X refuses or does not answer, the look showed nothing.
async fn look<P: Platform>(p: &P, config: &Config<'_>, account: &Account, since: Timestamp) -> Look {
    let mut look = Look::default();
    let Ok(keys) = keys::of(p, config, account).await else { return look };
    let mut cursor: Option<String> = None;
    for further in 0..MOST_PAGES {
        look.further = further;
        let request = keys.sign(p, account.speaks.list(&keys.base, true, cursor.as_deref()));
        let Ok(response) = p.send(request).await else { return look };
        if Fault::read(&response, p.now()).is_some() {
            return look;
        }
        let Ok(page) = account.speaks.page(&response) else { return look };
        look.messages.extend(page.seen.into_iter().map(|seen| seen.message));
        let reached = look.messages.iter().any(|message| message.created < since);
        cursor = page.next;
        if reached || cursor.is_none() {
            look.is_conclusive = true;
            return look;
        }
    }
    look
}

/// Which of these messages are settled as ours already: the same text twice is two messages.
async fn known<P: Platform>(p: &P, account: &UserId, seen: &[Message]) -> Result<BTreeSet<DmId>, Trouble> {
    let ids: Vec<&DmId> = seen.iter().map(|message| &message.id).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    Ok(p.rows(outbox::known_among(account, ids)).await?.texts("x_id")?.into_iter().map(DmId::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn row(waited: Span, looks: i64) -> Sending {
        serde_json::from_value(json!({
            "id": "a", "account_id": "1", "customer_id": "2", "holder": "bot", "kind": "dm", "status": "sending",
            "body": "{\"text\":\"hi\"}", "created_at": 0, "intent_at": (NOW - waited).0, "lease_until": 0, "attempts": 1, "looks": looks,
        }))
        .unwrap()
    }

    #[test]
    fn what_is_not_found_is_given_up_after_two_looks_and_ten_minutes_and_without_a_look_that_tells_after_an_hour() {
        let again = || outbox::not_found(&row(Span(0), 0), NOW + BETWEEN_LOOKS);
        let look = || outbox::look_again(&row(Span(0), 0), NOW + LOOKS_APART);
        let doubtful = || outbox::doubtful(&row(Span(0), 0));
        let resent =
            || outbox::owed_again(&row(Span(0), 0), NOW, r#"{"said":"Not found on X after ten minutes: sent again."}"#);
        let (park, resend) = (WhenDoubtful::Park, WhenDoubtful::Resend);
        let tells = &Look { is_conclusive: true, ..Look::default() };
        let (tells_nothing, waits) = (&Look::default(), &Look { waits: true, ..Look::default() });
        for (waited, looks, look_at_x, when, expected) in [
            (Span::minutes(10), 1, tells, park, doubtful()),
            (Span::minutes(10), 1, tells, resend, resent()),
            (Span::hours(2), 0, tells, park, again()),
            (Span::hours(2), 0, tells, resend, again()),
            (Span(Span::minutes(10).0 - 1), 5, tells, park, again()),
            (Span(Span::minutes(10).0 - 1), 5, tells, resend, again()),
            (Span::hours(1), 0, tells_nothing, park, doubtful()),
            (Span::hours(1), 0, tells_nothing, resend, doubtful()),
            (Span(Span::hours(1).0 - 1), 9, tells_nothing, resend, look()),
            (Span::hours(9), 9, waits, park, look()),
            (Span::hours(9), 9, waits, resend, look()),
        ] {
            assert_eq!(
                not_found(&row(waited, looks), look_at_x, when, NOW),
                expected,
                "{} ms, {looks} looks",
                waited.0
            );
        }
    }

    #[test]
    fn only_the_accounts_own_message_with_the_same_words_is_ours() {
        let seen = |sender: &str, text: &str| -> Message {
            let data = json!({"target": {"recipient_id": "2"}, "sender_id": sender, "message_data": {"text": text}});
            Message::read(&json!({"type": "message_create", "id": "9", "created_timestamp": NOW.0.to_string(), "message_create": data})).unwrap()
        };
        let row = row(Span::seconds(1), 0);
        for (sender, text, ours) in
            [("1", "hi", true), ("1", "another", false), ("3", "hi", false), ("3", "another", false)]
        {
            assert_eq!(is_ours(&seen(sender, text), &row, &"1".into()), ours, "{sender}: {text}");
        }
    }
}
