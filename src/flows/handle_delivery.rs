//! A delivery from the queue: every item written down once, then its conversations taken up.

use std::collections::{BTreeMap, BTreeSet};

use super::arrivals::arrivals;
use super::converse::converse_or_leave;
use super::costs;
use super::handled::{Brought, Handled};
use super::loaded::Loaded;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::store::conversations::ConversationId;
use crate::store::inbox::{self, Arrival, Arrived};
use crate::store::statement::{Rows, Statement};
use crate::store::{accounts, conversations, entries, replays, spill, threads, tokens};
use crate::x_api::delivery::{Envelope, Item};
use crate::x_api::event::Event;
use crate::x_api::ids::UserId;
use crate::x_api::public_act::PublicAct;
use crate::x_api::time::{Span, Timestamp};

/// The sweep leaves an event alone for so long, since the delivery that brought it is being handled.
const HEAD_START: Span = Span::seconds(30);

pub async fn handle_delivery<P: Platform>(
    p: &P,
    config: &Config<'_>,
    body: &str,
    received_at: Timestamp,
    is_first_try: bool,
) -> Result<Handled, Trouble> {
    let Some(envelope) = Envelope::read(body) else {
        return Ok(Outcome::Dead("the delivery is no JSON object".to_owned()).into());
    };
    write_down(p, config, &envelope, &Given { bytes: body.len(), received_at, is_first_try }, None).await
}

/// The same for a delivery that stands in `spill`; it leaves there in the batch that writes its items down.
pub async fn handle_spilled<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &str,
    is_first_try: bool,
) -> Result<Handled, Trouble> {
    let Some(spilled) = p.first::<spill::Spilled>(spill::get(id)).await? else {
        return Ok(Outcome::Done.into());
    };
    let Some(envelope) = Envelope::read(&spilled.body) else {
        // Only a verified JSON object is ever spilled, so nothing of X's is in this row.
        p.sql(vec![spill::delete(id)]).await?;
        return Ok(Outcome::Dead("the spilled delivery is no JSON object".to_owned()).into());
    };
    let given = Given { bytes: spilled.body.len(), received_at: spilled.received_at, is_first_try };
    write_down(p, config, &envelope, &given, Some(spill::delete(id))).await
}

/// What is known of a delivery besides what it says.
struct Given {
    bytes: usize,
    received_at: Timestamp,
    is_first_try: bool,
}

async fn write_down<P: Platform>(
    p: &P,
    config: &Config<'_>,
    envelope: &Envelope<'_>,
    given: &Given,
    then: Option<Statement>,
) -> Result<Handled, Trouble> {
    let &Given { bytes, received_at, is_first_try } = given;
    let kinds = config.kinds();
    let items: Vec<Item> = envelope.items().into_iter().filter(|item| kinds.want(item.kind)).collect();
    let ours = match &envelope.for_user {
        Some(account) => BTreeSet::from([account.clone()]),
        None => accounts_among(p, &items).await?,
    };
    let due_at = p.now() + HEAD_START;
    let arrivals: Vec<Arrival> =
        items.iter().flat_map(|item| arrivals(item, envelope, &ours, received_at, due_at)).collect();
    let arrivals = take_up_acts(p, &items, arrivals, due_at).await?;
    let mut statements: Vec<Statement> = costs::of_arrivals(&arrivals, p.now()).into_iter().collect();
    statements.extend(inbox::insert(&arrivals));
    statements.extend(items.iter().flat_map(|item| notice(item, received_at, p.now())));
    statements.extend(items.iter().filter_map(|item| unread(item, envelope, received_at, p.now())).flatten());
    statements.extend(items.iter().filter_map(|item| sign(item, envelope, received_at)));
    statements.extend(then);
    let alone = the_only_conversation(&arrivals);
    let written = statements.len();
    statements.extend(alone.iter().flat_map(|id| Loaded::statements(id, p.now())));
    let mut rows = match statements.is_empty() {
        true => Vec::new(),
        false => written_down(p, statements, alone.as_ref().filter(|_| is_first_try)).await?,
    };
    // From here on the rows and the sweep carry the duty: whatever fails now is taken up again from them.
    let loaded = rows.split_off(written.min(rows.len()));
    let on_arrival: BTreeSet<String> = rows.into_iter().flat_map(handled_on_arrival).collect();
    let open = arrivals.iter().filter(|arrival| !on_arrival.contains(&arrival.key));
    let touched: BTreeSet<ConversationId> = open.filter_map(conversation).collect();
    let account = envelope.for_user.clone();
    let brought = Brought { account, items: envelope.items.len(), bytes, received_at };
    let mut handled = Handled { brought: Some(brought), ..Outcome::Done.into() };
    // What cannot be read is loaded again, and left where it cannot be read then either: the delivery itself stands.
    let mut loaded = alone.and_then(|_| Loaded::read(loaded).ok());
    for conversation in touched {
        handled.troubles.extend(converse_or_leave(p, config, &conversation, loaded.take()).await);
    }
    Ok(handled)
}

/// Where the answer was lost, the event may stand there taken: its conversation is looked at again as soon as it is free. Once
/// for a delivery, however often it is tried: while the database is away, jobs must not breed jobs.
async fn written_down<P: Platform>(
    p: &P,
    statements: Vec<Statement>,
    taken_of: Option<&ConversationId>,
) -> Result<Vec<Rows>, Trouble> {
    let rows = p.sql(statements).await;
    if let (Err(_), Some(id)) = (&rows, taken_of) {
        let again = Job::Converse { conversation: id.clone() }.after(inbox::ATTEMPT + Span::seconds(1));
        // Should this fail too, the delivery comes again and the sweep looks.
        let _ = p.enqueue(vec![again]).await;
    }
    rows
}

/// Where one customer has written, and nobody else, the conversation is loaded in the batch that writes it down.
fn the_only_conversation(arrivals: &[Arrival]) -> Option<ConversationId> {
    let touched: BTreeSet<ConversationId> = arrivals.iter().filter_map(conversation).collect();
    let is_alone = touched.len() == 1 && !arrivals.iter().any(|arrival| arrival.is_own);
    touched.into_iter().next().filter(|_| is_alone)
}

/// The keys among what a statement gave back that need nothing more. What is no arrival belongs to another statement.
fn handled_on_arrival(rows: Rows) -> impl Iterator<Item = String> {
    let arrived: Vec<Arrived> = rows.all().unwrap_or_default();
    arrived.into_iter().filter(|arrived| arrived.status == "handled").map(|arrived| arrived.key)
}

/// What X tells about its own work, done in the batch that writes it down: the tokens of a user who took the app's access
/// away are dropped at once, a replay goes on with its next part.
fn notice(item: &Item, received_at: Timestamp, now: Timestamp) -> Vec<Statement> {
    let revocation = match &item.event {
        Ok(Event::Revoked(revocation)) => revocation,
        Ok(Event::Replayed(ended)) if ended.is_complete => return vec![replays::part_is_complete(&ended.job, now)],
        Ok(Event::Replayed(ended)) => return vec![replays::part_is_incomplete(&ended.job, now)],
        _ => return Vec::new(),
    };
    let why = "{\"said\":\"The account took the app's access away on X.\",\"what_to_do\":\"Connect the account again, if it is to be answered here.\"}";
    let at = revocation.at.unwrap_or(received_at);
    // X delivers nothing from here on: should the account come back, its own list is read.
    vec![tokens::revoke(&revocation.user, at, why, received_at), replays::look_up(&revocation.user, at, now)]
}

/// That somebody wrote in X Chat stands in the conversation; what they wrote does not.
fn unread(item: &Item, envelope: &Envelope<'_>, received_at: Timestamp, now: Timestamp) -> Option<[Statement; 2]> {
    let Ok(Event::Encrypted(encrypted)) = &item.event else { return None };
    let id = ConversationId { account: envelope.for_user.clone()?, customer: encrypted.sender.clone() };
    let at = item.created.unwrap_or(received_at);
    let entry = entries::delivered(&id, &encrypted.id, at, "customer", "", Some("encrypted"));
    Some([conversations::unread(&id, encrypted.id.as_str(), now), entry])
}

/// That the customer types or has read is shown to whoever has the conversation.
fn sign(item: &Item, envelope: &Envelope, received_at: Timestamp) -> Option<Statement> {
    let Ok(Event::Sign(sign)) = &item.event else { return None };
    let account = envelope.for_user.clone().filter(|account| *account != sign.by)?;
    let id = ConversationId { account, customer: sign.by.clone() };
    Some(match &sign.read {
        Some(to) => threads::seen(&id, to.as_str()),
        None => threads::types(&id, received_at),
    })
}

/// Public acts that the account's script takes up are work; all others stay what they are: recorded.
async fn take_up_acts<P: Platform>(
    p: &P,
    items: &[Item],
    arrivals: Vec<Arrival>,
    due_at: Timestamp,
) -> Result<Vec<Arrival>, Trouble> {
    let acts: BTreeMap<(&str, &str), &PublicAct> = items
        .iter()
        .filter_map(|item| match &item.event {
            Ok(Event::Act(act)) => Some(((item.kind, item.id.as_str()), act)),
            _ => None,
        })
        .collect();
    let Some(account) = arrivals.iter().find(|arrival| acts.contains_key(&(arrival.kind, arrival.event_id.as_str())))
    else {
        return Ok(arrivals);
    };
    let account = account.account_id.clone();
    let wanted = p.rows(accounts::acts_of(&account)).await?.texts("acts")?.pop().unwrap_or_default();
    Ok(arrivals
        .into_iter()
        .map(|arrival| match acts.get(&(arrival.kind, arrival.event_id.as_str())) {
            Some(act)
                if wanted.contains(&format!(" {} ", arrival.kind))
                    && act.who != account
                    && act.towards.contains(&account) =>
            {
                Arrival {
                    customer_id: Some(act.who.clone()),
                    status: "new",
                    due_at: Some(due_at.max(arrival.not_before)),
                    settled_at: None,
                    ..arrival
                }
            }
            _ => arrival,
        })
        .collect())
}

async fn accounts_among<P: Platform>(p: &P, items: &[Item]) -> Result<BTreeSet<UserId>, Trouble> {
    let people: BTreeSet<UserId> = items
        .iter()
        .filter_map(|item| match &item.event {
            Ok(Event::Message(message)) => Some([Some(message.sender.clone()), message.recipient.clone()]),
            _ => None,
        })
        .flatten()
        .flatten()
        .collect();
    if people.is_empty() {
        return Ok(people);
    }
    let ids = serde_json::to_string(&people).unwrap_or_default();
    Ok(p.rows(accounts::known_among(ids)).await?.texts("id")?.into_iter().map(UserId::from).collect())
}

fn conversation(arrival: &Arrival) -> Option<ConversationId> {
    (arrival.status == "new").then_some(())?;
    Some(ConversationId { account: arrival.account_id.clone(), customer: arrival.customer_id.clone()? })
}
