//! What a person says to a customer in the account's name: a turn like the bot's, and ahead of the bot's in the line.

use serde::Deserialize;
use serde_json::{Value, json};

use super::echo::HUMAN_HOLDS;
use super::judge;
use super::scripts::{Refused, find};
use super::send::send_owed;
use crate::bot::message::Message;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::conversations::{self, Conversation, ConversationId, Turned};
use crate::store::outbox::{self, Kind, Owed};
use crate::store::statement::Statement;
use crate::store::turns;
use crate::x_api::ids::UserId;

/// What is to be said, and to whom.
#[derive(Clone, Debug, Deserialize)]
pub struct Ask {
    pub account: Option<String>,
    pub customer: UserId,
    pub text: String,
    /// The caller's own name for it: however often it is sent under the same name, it is said once.
    pub id: Option<String>,
}

/// So often somebody else may have written the next turn first.
const TRIES: usize = 5;

/// Committed first, then sent; where X's limit is spent it waits, and the answer says so.
pub async fn say<P: Platform>(p: &P, config: &Config<'_>, ask: &Ask) -> Result<Value, Refused> {
    let account = find(p, ask.account.as_deref()).await?;
    let id = ConversationId { account: account.id.clone(), customer: ask.customer.clone() };
    let name = ask.id.clone().unwrap_or_else(|| p.nonce());
    let cause = format!("agent:{}:{}:{name}", id.account, id.customer);
    commit(p, &id, &cause, &ask.text).await?;
    // The row carries the duty: what fails now is taken up by the sweep.
    let _ = send_owed(p, config, &id).await;
    let rows = p.sql(vec![outbox::state_of(&format!("{cause}/0"))]).await?;
    let row = rows.into_iter().next().unwrap_or_default().0.into_iter().next().unwrap_or_default();
    Ok(json!({"id": name, "account": account.id, "customer": id.customer, "message": row}))
}

async fn commit<P: Platform>(p: &P, id: &ConversationId, cause: &str, text: &str) -> Result<(), Trouble> {
    let mut tries = 0;
    loop {
        tries += 1;
        let message = format!("{cause}/0");
        let mut rows = p.sql(vec![outbox::state_of(&message), conversations::get(id)]).await?.into_iter();
        if !rows.next().unwrap_or_default().is_empty() {
            return Ok(());
        }
        let conversation: Option<Conversation> = rows.next().unwrap_or_default().first()?;
        match p.sql(turn(p, id, conversation.as_ref(), cause, text)).await {
            Ok(_) => return Ok(()),
            // Another turn, or this very one: load again and look.
            Err(Trouble::Conflict(_)) if tries < TRIES => {}
            Err(trouble) => return Err(trouble),
        }
    }
}

fn turn<P: Platform>(
    p: &P,
    id: &ConversationId,
    conversation: Option<&Conversation>,
    cause: &str,
    text: &str,
) -> Vec<Statement> {
    let now = p.now();
    let (state, turns_so_far) = judge::so_far(conversation);
    let number = turns_so_far + 1;
    let held = conversation.filter(|held| held.holder == "human").map(|held| held.holder_until).unwrap_or_default();
    let holder_until = held.max(now + HUMAN_HOLDS);
    let turned = Turned { state: &state, holder: "human", holder_until, number, name: None, username: None };
    let body = Message { text: text.to_owned(), ..Message::default() };
    let body = serde_json::to_string(&body).unwrap_or_default();
    let owed = Owed { kind: Kind::Dm, cause, turn: number, place: 0, holder: "human", media: None, body };
    vec![
        turns::insert(id, number, cause, "human", state.node.as_deref(), now),
        conversations::turn(id, &turned, now),
        outbox::insert(id, &owed, now),
    ]
}
