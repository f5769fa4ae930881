//! What a customer says about being written to, heard also where the bot does not answer.

use super::turn::Cast;
use crate::bot::consent::{heeded, of};
use crate::bot::state::State;
use crate::store::conversations::{self, Turned};
use crate::store::statement::Statement;
use crate::store::{outbox, turns};
use crate::x_api::event::{Message, unescape};
use crate::x_api::time::Timestamp;

/// State and number of turns so far, for the turn of this message, to which people will answer.
pub fn so_far(cast: &Cast<'_>, message: &Message) -> (State, i64) {
    let (state, turns) = conversations::so_far(cast.conversation);
    (wished(cast, message, &state).unwrap_or(state), turns)
}

/// To a message that nobody answers: a turn without a word, where the customer wants silence or an end of it.
pub fn heed(cast: &Cast<'_>, key: &str, message: &Message, now: Timestamp) -> Vec<Statement> {
    let (state, turns) = conversations::so_far(cast.conversation);
    let Some(state) = wished(cast, message, &state) else { return Vec::new() };
    let number = turns + 1;
    let (holder, holder_until) =
        cast.conversation.map_or(("bot", Timestamp(0)), |known| (known.holder.as_str(), known.holder_until));
    let turned = Turned { state: &state, holder, holder_until, number, name: None, username: None };
    let mut batch = vec![
        turns::insert(cast.id, number, &format!("event:{key}"), "customer", state.node.as_deref(), now),
        conversations::turn(cast.id, &turned, now),
    ];
    if state.opted_out {
        batch.extend([outbox::drop_before(cast.id, number), outbox::send_once_before(cast.id, number)]);
    }
    batch
}

fn wished(cast: &Cast<'_>, message: &Message, state: &State) -> Option<State> {
    heeded(state, of(cast.script, &unescape(&message.text), message.option.as_deref()))
}
