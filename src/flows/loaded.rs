//! What one batch brings of a conversation: the next event, taken, and all that is needed to decide about it.

use super::judge::{self, TURNS_WITHIN};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::conversations::{self, Conversation, ConversationId};
use crate::store::handoffs::{self, Handoff};
use crate::store::inbox::{self, Taken};
use crate::store::outbox::{self, Sending};
use crate::store::scripts::{self, Live};
use crate::store::statement::{Rows, Statement, named};
use crate::store::timers::{self, Timer};
use crate::store::turns;
use crate::x_api::time::Timestamp;

#[derive(Default)]
pub struct Loaded {
    pub account: Option<Account>,
    pub conversation: Option<Conversation>,
    pub taken: Option<Taken>,
    /// Messages whose outcome is not known.
    pub unsettled: Vec<Sending>,
    pub customer_is_ours: bool,
    pub recent_turns: i64,
    pub timer: Option<Timer>,
    /// People have it, or are asked to.
    pub handoff: Option<Handoff>,
    /// The script that the account follows; `None`: the built-in one.
    pub live: Option<Live>,
}

#[derive(serde::Deserialize)]
struct Count {
    count: i64,
}

impl Loaded {
    pub async fn load<P: Platform>(p: &P, id: &ConversationId) -> Result<Self, Trouble> {
        Self::read(p.sql(Self::statements(id, p.now())).await?)
    }

    /// To be read by [`Loaded::read`], alone or at the end of another batch.
    pub fn statements(id: &ConversationId, now: Timestamp) -> Vec<Statement> {
        vec![
            inbox::park_unknown(id),
            accounts::get(&id.account),
            conversations::get(id),
            inbox::take(id, now),
            outbox::open_in(id),
            accounts::get(&id.customer),
            turns::recent(id, judge::MOST_TURNS, now - TURNS_WITHIN),
            timers::open_in(id),
            scripts::live(&id.account),
            handoffs::open_in(id),
        ]
    }

    pub fn read(rows: Vec<Rows>) -> Result<Self, Trouble> {
        let [_, account, conversation, taken, unsettled, of_ours, recent, timer, live, handoff] = named(rows)?;
        Ok(Self {
            account: account.first()?,
            conversation: conversation.first()?,
            taken: taken.first()?,
            unsettled: unsettled.all()?,
            customer_is_ours: !of_ours.is_empty(),
            recent_turns: recent.first::<Count>()?.map_or(0, |row| row.count),
            timer: timer.first()?,
            live: live.first()?,
            handoff: handoff.first()?,
        })
    }
}
