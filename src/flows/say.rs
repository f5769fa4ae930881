//! What a person says to a customer in the account's name: a turn like the bot's, and ahead of the bot's in the line.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::handoff::{self, Scene, Start, TRIES};
use super::media;
use super::refused::Refused;
use super::send::send_owed;
use super::tell::write;
use super::threads::{self, Which};
use crate::bot::message::{Button, Choice, Media, Message, Target};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::Agent;
use crate::store::conversations::{self, ConversationId};
use crate::store::handoffs;
use crate::store::outbox::{self, Kind, Owed};
use crate::store::statement::Statement;
use crate::x_api::dialect::Speaks;
use crate::x_api::dm::limits;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// What is to be said, and to whom: all that people may give. Whose face it has, and what else the bot decides, is not theirs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub account: Option<String>,
    pub customer: UserId,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub options: Vec<Choice>,
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// The SHA-256 of a file that was brought here before, and how it is called.
    pub file: Option<String>,
    pub media: Option<Media>,
    /// The caller's own name for it: however often it is sent under the same name, it is said once.
    pub id: Option<String>,
}

impl Ask {
    fn message(&self, agent: Option<&Agent>) -> Message {
        Message {
            text: self.text.clone(),
            options: self.options.clone(),
            buttons: self.buttons.clone(),
            media: self.media.clone(),
            agent: agent.map(|agent| agent.id.clone()),
            profile: agent.and_then(|agent| agent.profile.clone()),
            ..Message::default()
        }
    }

    /// What X would not take of it.
    pub fn flaw(&self) -> Option<&'static str> {
        let Self { text, options, buttons, .. } = self;
        let long = |text: &str, most: usize| text.chars().count() > most;
        let label = |label: &str| label.trim().is_empty() || long(label, limits::LABEL);
        let option =
            |choice: &Choice| label(&choice.label) || choice.id.is_empty() || long(&choice.id, limits::METADATA);
        if text.trim().is_empty() && self.file.is_none() || long(text, limits::TEXT) {
            return Some("The text is empty or too long.");
        }
        if self.id.as_ref().is_some_and(|id| id.is_empty() || id.len() > 100) {
            return Some("The id is empty or too long.");
        }
        if options.len() > limits::OPTIONS || options.iter().any(option) {
            return Some(
                "There are too many options, or one has no id, or a label is empty or longer than 36 characters.",
            );
        }
        if buttons.len() > limits::BUTTONS || buttons.iter().any(|button| label(&button.label)) {
            return Some("There are too many buttons, or a label is empty or longer than 36 characters.");
        }
        if buttons.iter().any(|button| !matches!(&button.target, Target::Url(url) if url.starts_with("https://"))) {
            return Some("A button leads to a page by its https address.");
        }
        if self.media.as_ref().is_some_and(|media| self.file.is_none() || matches!(media, Media::Url(_))) {
            return Some("A file is brought to /api/media/part first: its SHA-256 is 'file', media names it.");
        }
        None
    }
}

/// Committed first, then sent; where X's limit is spent it waits, and the answer says so. `agent`: who has the conversation
/// from then on; without one it is as if somebody had written in X's own app.
pub async fn say<P: Platform>(p: &P, config: &Config<'_>, agent: Option<&Agent>, ask: &Ask) -> Result<Value, Refused> {
    let which = Which { account: ask.account.clone(), customer: ask.customer.clone() };
    let (id, account) = threads::found(p, &which).await?;
    if account.speaks == Speaks::Rich && ask.text.trim().is_empty() {
        return Err(Refused::NoWords);
    }
    if let Some(file) = &ask.file {
        let missing = media::missing(p, vec![file.clone()]).await?;
        if !missing.is_empty() {
            return Err(Refused::MissingFiles(missing));
        }
    }
    let name = ask.id.clone().unwrap_or_else(|| p.nonce());
    let cause = format!("agent:{}", named(&id, &name));
    // The notice that an agent has joined has another name.
    let place = format!("{cause}/{SAID}");
    commit(p, &id, &cause, &place, agent, ask).await?;
    // The rows carry the duty: what fails now is taken up by the sweep.
    let _ = send_owed(p, config, &id).await;
    let _ = handoff::arm(p, &id).await;
    let row = p.rows(outbox::state_of(&place)).await?.0.into_iter().next().unwrap_or_default();
    Ok(json!({"id": name, "account": id.account, "customer": id.customer, "message": row}))
}

/// One for each caller's name and conversation, which tells nobody whose conversation it is.
fn named(id: &ConversationId, name: &str) -> String {
    let hash = Sha256::digest(format!("{}:{}:{name}", id.account, id.customer).as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The place of what is said within its turn.
const SAID: i64 = 1;

async fn commit<P: Platform>(
    p: &P,
    id: &ConversationId,
    cause: &str,
    place: &str,
    agent: Option<&Agent>,
    ask: &Ask,
) -> Result<(), Refused> {
    for _ in 0..TRIES {
        if !p.rows(outbox::state_of(place)).await?.is_empty() {
            return Ok(());
        }
        let scene = Scene::load(p, id).await?;
        let batch = match agent {
            Some(agent) => by_agent(&scene, agent, cause, ask, p.now())?,
            None => by_app(&scene, cause, ask, p.now()),
        };
        match write(p, batch, None).await {
            Ok(_) => return Ok(()),
            // Another turn, or this very one: load again and look.
            Err(Trouble::Conflict(_)) => {}
            Err(trouble) => return Err(trouble.into()),
        }
    }
    Err(Refused::Busy)
}

/// Whoever answers takes the conversation, unless somebody else has it.
fn by_agent(scene: &Scene, agent: &Agent, cause: &str, ask: &Ask, now: Timestamp) -> Result<Vec<Statement>, Refused> {
    let (id, conversation) = (&scene.id, scene.conversation.as_ref());
    let (number, mut batch) = if scene.is_held_by(agent)? {
        handoff::human_turn(id, conversations::so_far(conversation), cause, "human", now + handoff::AGENT_HOLDS, now)
    } else {
        handoff::taking(scene, agent, cause, now)
    };
    let written = scene.open.as_ref().map(|open| open.settings.as_str()).or(scene.account.handoff.as_deref());
    let silence = handoff::settings::Settings::of(written).activity().unwrap_or(handoff::AGENT_HOLDS);
    batch.push(handoffs::agent_spoke(id, now + silence));
    batch.push(said(id, cause, number, &ask.message(Some(agent)), ask.file.clone(), now));
    Ok(batch)
}

fn by_app(scene: &Scene, cause: &str, ask: &Ask, now: Timestamp) -> Vec<Statement> {
    let until = now + handoff::app_holds(&scene.account);
    let start = Start { id: &scene.id, account: &scene.account, cause, by: "app", note: None, until };
    let mut batch = handoff::app_spoke(&start, scene.conversation.as_ref(), scene.open.as_ref(), now);
    let number = scene.conversation.as_ref().map_or(0, |known| known.turns) + 1;
    batch.push(said(&scene.id, cause, number, &ask.message(None), ask.file.clone(), now));
    batch
}

fn said(
    id: &ConversationId,
    cause: &str,
    turn: i64,
    message: &Message,
    media: Option<String>,
    now: Timestamp,
) -> Statement {
    let body = serde_json::to_string(message).unwrap_or_default();
    let owed = Owed { kind: Kind::Dm, cause, turn, place: SAID, holder: "human", media, body };
    outbox::insert(id, &owed, now)
}
