//! What an agent does with a conversation: take it, give it to somebody else or to everybody, end it.

use serde_json::{Value, json};

use super::begin::human_turn;
use super::hand_back::hand_back;
use super::settings::{Settings, notice};
use super::{AGENT_HOLDS, tend};
use crate::bot::message::Message;
use crate::config::Config;
use crate::error::Trouble;
use crate::flows::refused::Refused;
use crate::flows::send::send_owed;
use crate::flows::signal;
use crate::flows::tell::write;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::agents::{self, Agent, Role};
use crate::store::conversations::{self, Conversation, ConversationId};
use crate::store::handoffs::{self, Begun, Handoff, Place, Status};
use crate::store::outbox::{self, Kind, Owed};
use crate::store::statement::Statement;
use crate::x_api::time::Timestamp;

/// So often somebody else may have written the next turn first.
pub const TRIES: usize = 5;

/// A conversation as an agent finds it.
pub struct Scene {
    pub id: ConversationId,
    pub account: Account,
    pub conversation: Option<Conversation>,
    pub open: Option<Handoff>,
}

impl Scene {
    pub async fn load<P: Platform>(p: &P, id: &ConversationId) -> Result<Self, Refused> {
        let [account, conversation, open] =
            p.each([accounts::get(&id.account), conversations::get(id), handoffs::open_in(id)]).await?;
        let account: Option<Account> = account.first().map_err(Trouble::from)?;
        Ok(Self {
            id: id.clone(),
            account: account.ok_or(Refused::NoAccount)?,
            conversation: conversation.first().map_err(Trouble::from)?,
            open: open.first().map_err(Trouble::from)?,
        })
    }

    /// Whether it is this agent's already; refused where it is somebody else's.
    pub fn is_held_by(&self, agent: &Agent) -> Result<bool, Refused> {
        match self.open.as_ref().filter(|open| open.status == Status::Held && open.place == Place::Agents) {
            None => Ok(false),
            Some(open) if open.agent_id.as_ref() == Some(&agent.id) => Ok(true),
            Some(open) => Err(Refused::Held(open.agent.clone().unwrap_or_else(|| "Somebody".to_owned()))),
        }
    }

    fn customer(&self) -> &str {
        self.conversation.as_ref().and_then(|known| known.name.as_deref()).unwrap_or_default()
    }
}

/// The number of the turn, and the statements with which the agent has the conversation from then on.
pub fn taking(scene: &Scene, agent: &Agent, cause: &str, now: Timestamp) -> (i64, Vec<Statement>) {
    let until = now + AGENT_HOLDS;
    let (number, mut batch) =
        human_turn(&scene.id, conversations::so_far(scene.conversation.as_ref()), cause, "human", until, now);
    let settings = match &scene.open {
        Some(open) => {
            batch.push(handoffs::hold(&open.id, &agent.id, until, now));
            Settings::of(Some(&open.settings))
        }
        None => {
            let settings = Settings::of(scene.account.handoff.as_deref());
            let begun = Begun {
                id: cause,
                status: Status::Held,
                place: Place::Agents,
                started_by: "agent",
                settings: serde_json::to_string(&settings).unwrap_or_default(),
                team: settings.team.as_deref(),
                note: None,
                agent: Some(&agent.id),
                due_at: until,
                request_until: None,
                hold_until: until,
                is_waited_for: false,
            };
            batch.push(handoffs::insert(&scene.id, &begun, now));
            settings
        }
    };
    batch.push(agents::busy(&agent.id, now));
    let text = settings.notices.joined.map(|text| notice(&text, &agent.name, scene.customer()));
    let told = text.map(|text| Message { text, agent: Some(agent.id.clone()), notice: true, ..Message::default() });
    if let Some(message) = told {
        let body = serde_json::to_string(&message).unwrap_or_default();
        let owed = Owed { kind: Kind::Dm, cause, turn: number, place: 0, holder: "human", media: None, body };
        batch.push(outbox::insert(&scene.id, &owed, now));
    }
    (number, batch)
}

/// Of two who take it at once one has it, and the other is told who.
pub async fn take<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
) -> Result<Value, Refused> {
    give(p, config, id, agent, &|scene| scene.is_held_by(agent)).await
}

/// To another agent, who has it from now on.
pub async fn assign<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
    to: &str,
) -> Result<Value, Refused> {
    let to: Option<Agent> = p.first(agents::find(to)).await?;
    let to = to.ok_or(Refused::NoAgent)?;
    give(p, config, id, &to, &|scene| may(scene, agent).map(|()| false)).await
}

/// `is_done`: whether it is theirs already; refused where it cannot become theirs.
async fn give<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    to: &Agent,
    is_done: &dyn Fn(&Scene) -> Result<bool, Refused>,
) -> Result<Value, Refused> {
    let cause = format!("take:{}", p.nonce());
    for _ in 0..TRIES {
        let scene = Scene::load(p, id).await?;
        if !is_done(&scene)? {
            let (_, batch) = taking(&scene, to, &cause, p.now());
            match write(p, batch, None).await {
                Ok(_) => drop(send_owed(p, config, id).await),
                Err(Trouble::Conflict(_)) => continue,
                Err(trouble) => return Err(trouble.into()),
            }
        }
        return Ok(json!({"ok": true, "held_by": to.name}));
    }
    Err(Refused::Busy)
}

/// Somebody else is asked for it.
pub async fn release<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
) -> Result<Value, Refused> {
    let scene = Scene::load(p, id).await?;
    let Some(open) = scene.open.as_ref().filter(|open| open.status == Status::Held) else {
        return Err(Refused::NotHeld);
    };
    may(&scene, agent)?;
    let request = Settings::of(Some(&open.settings)).request();
    let now = p.now();
    p.sql(vec![handoffs::release(&open.id, request.map(|span| now + span), now)]).await?;
    tend::tend(p, config, id).await?;
    Ok(json!({"ok": true}))
}

/// The bot has it back.
pub async fn close<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
) -> Result<Value, Refused> {
    for _ in 0..TRIES {
        let scene = Scene::load(p, id).await?;
        let Some(open) = &scene.open else { return Ok(json!({"ok": true})) };
        may(&scene, agent)?;
        // Where nobody had it yet, nobody takes leave either.
        let why = if open.status == Status::Held { "ended" } else { "nobody" };
        match hand_back(p, &scene.account, scene.conversation.as_ref(), open, why).await {
            Ok(signals) => {
                signal::give(p, config, &scene.account, id, &signals).await;
                let _ = send_owed(p, config, id).await;
                return Ok(json!({"ok": true}));
            }
            Err(Trouble::Conflict(_)) => {}
            Err(trouble) => return Err(trouble.into()),
        }
    }
    Err(Refused::Busy)
}

/// Whoever has it, and admins; anybody where nobody has it.
fn may(scene: &Scene, agent: &Agent) -> Result<(), Refused> {
    if agent.role == Role::Admin { Ok(()) } else { scene.is_held_by(agent).map(drop) }
}
