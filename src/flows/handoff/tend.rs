//! The timer of a handoff: agents are asked one after the other, and what has taken too long ends.

use super::SEEN_WITHIN;
use super::hand_back::hand_back;
use super::settings::{Routing, Settings};
use crate::config::Config;
use crate::error::Trouble;
use crate::flows::send::send_owed;
use crate::flows::signal;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::agents;
use crate::store::conversations::{self, Conversation, ConversationId};
use crate::store::handoffs::{self, Handoff, Place, Status};
use crate::store::outbox;
use crate::store::statement::Statement;
use crate::x_api::time::{Span, Timestamp};

/// What is due later is left to the sweep.
const ARMED: Span = Span::hours(1);
/// Others may be at the same handoff so often.
const TRIES: usize = 5;
/// Handoffs that one agent who becomes free is asked for.
const MOST: i64 = 20;

/// What there is to do now.
enum Next {
    Rest,
    /// Ask the next agent.
    Offer,
    /// It stands in the list.
    Wait,
    /// Whoever has it is there, and slow.
    LookAgain,
    /// Whoever has it is not there.
    Abandon,
    /// There are no agents at all.
    LeaveToApp,
    HandBack(&'static str),
}

/// The alarm clock has rung. One of a former generation does nothing.
pub async fn run<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    generation: i64,
) -> Result<Outcome, Trouble> {
    let open: Option<Handoff> = p.first(handoffs::open_in(id)).await?;
    if open.is_some_and(|open| open.generation == generation) {
        tend(p, config, id).await?;
    }
    Ok(Outcome::Done)
}

/// Does what is due, and sets the alarm clock for what comes next.
pub async fn tend<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Result<(), Trouble> {
    for _ in 0..TRIES {
        let [open, conversation, account, agents, unsent] = p
            .each([
                handoffs::open_in(id),
                conversations::get(id),
                accounts::get(&id.account),
                agents::any(),
                outbox::unsent_of_people(id),
            ])
            .await?;
        let (open, account): (Option<Handoff>, Option<Account>) = (open.first()?, account.first()?);
        let Some((handoff, account)) = open.zip(account) else { return Ok(()) };
        let conversation: Option<Conversation> = conversation.first()?;
        let has_agents = !agents.is_empty();
        let now = p.now();
        let is_on_its_way = !unsent.is_empty();
        let changed = match due(&handoff, has_agents, now) {
            Next::Rest => return arm_row(p, &handoff).await,
            // The customer cannot be silent to what they have not read.
            Next::HandBack("timed_out") if is_on_its_way => {
                let silence = Settings::of(Some(&handoff.settings)).activity().unwrap_or(ARMED);
                handoffs::postpone(&handoff, now + silence)
            }
            Next::HandBack(why) => {
                match hand_back(p, &account, conversation.as_ref(), &handoff, why).await {
                    // The turn may have handed over anew.
                    Ok(signals) => {
                        signal::give(p, config, &account, id, &signals).await;
                        send_owed(p, config, id).await?;
                    }
                    Err(Trouble::Conflict(_)) => {}
                    Err(trouble) => return Err(trouble),
                }
                continue;
            }
            Next::Offer => {
                offer(p, &handoff, now).await?;
                continue;
            }
            Next::Wait => handoffs::postpone(&handoff, end_of_wait(&handoff)),
            Next::LookAgain => handoffs::postpone(&handoff, now + SEEN_WITHIN),
            Next::Abandon => {
                let request = Settings::of(Some(&handoff.settings)).request();
                handoffs::abandon(&handoff, request.map(|span| now + span), now)
            }
            Next::LeaveToApp => handoffs::leave_to_app(&handoff, now),
        };
        p.sql(vec![changed]).await?;
    }
    // Others are at it all the time; the sweep looks again.
    Ok(())
}

/// The alarm clock of a conversation whose handoff has just changed.
pub async fn arm<P: Platform>(p: &P, id: &ConversationId) -> Result<(), Trouble> {
    match p.first::<Handoff>(handoffs::open_in(id)).await? {
        Some(handoff) => arm_row(p, &handoff).await,
        None => Ok(()),
    }
}

/// Somebody has become free: whoever waits the longest is offered to them.
pub async fn ask_waiting<P: Platform>(p: &P, config: &Config<'_>) -> Result<(), Trouble> {
    let all: Vec<ConversationId> = p.all(handoffs::unasked(MOST)).await?;
    for id in all {
        p.sql(vec![handoffs::wake(&id, p.now())]).await?;
        tend(p, config, &id).await?;
    }
    Ok(())
}

fn due(handoff: &Handoff, has_agents: bool, now: Timestamp) -> Next {
    if handoff.hold_until <= now {
        return Next::HandBack("over");
    }
    if handoff.due_at.is_none_or(|due| due > now) {
        return Next::Rest;
    }
    match (handoff.status, handoff.place) {
        (Status::Waiting, _) if !has_agents => Next::LeaveToApp,
        (Status::Waiting, _) if handoff.request_until.is_some_and(|until| until <= now) => Next::HandBack("nobody"),
        (Status::Waiting, _) => match Settings::of(Some(&handoff.settings)).routing {
            Routing::Push => Next::Offer,
            Routing::Pull => Next::Wait,
        },
        (Status::Held, Place::Agents) if handoff.waiting_since.is_some() => {
            let is_there = handoff.agent_seen.is_some_and(|seen| seen >= now - SEEN_WITHIN);
            if is_there { Next::LookAgain } else { Next::Abandon }
        }
        (Status::Held, Place::Agents) => Next::HandBack("timed_out"),
        (Status::Held, Place::App) => Next::HandBack("over"),
        (Status::Ended, _) => Next::Rest,
    }
}

async fn offer<P: Platform>(p: &P, handoff: &Handoff, now: Timestamp) -> Result<(), Trouble> {
    #[derive(serde::Deserialize)]
    struct Asked {
        agent_id: Option<String>,
    }
    let offered = Span::seconds(Settings::of(Some(&handoff.settings)).offer_seconds.into());
    let asked: Statement = handoffs::offer(handoff, now - SEEN_WITHIN, now + offered, end_of_wait(handoff));
    let asked: Option<Asked> = p.first(asked).await?;
    if let Some(agent) = asked.and_then(|asked| asked.agent_id) {
        p.sql(vec![agents::busy(&agent, now)]).await?;
    }
    Ok(())
}

fn end_of_wait(handoff: &Handoff) -> Timestamp {
    handoff.request_until.unwrap_or(handoff.hold_until).min(handoff.hold_until)
}

pub async fn arm_row<P: Platform>(p: &P, handoff: &Handoff) -> Result<(), Trouble> {
    let Some(due) = handoff.due_at.filter(|due| *due - p.now() <= ARMED) else { return Ok(()) };
    let job = Job::Handoff { conversation: handoff.conversation.clone(), generation: handoff.generation };
    // Should the queue refuse, the sweep finds the row.
    let _ = p.enqueue(vec![job.after(due - p.now())]).await;
    Ok(())
}
