//! The batch of a turn: its number is the lock, its cause is unique, and all of it is written or nothing.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::handoff::settings::{Mode, Settings, notice};
use super::handoff::{self, Start};
use super::script;
use super::signal::Signal;
use crate::bot::effect::{Answer, Effect, Pause, Stepped};
use crate::bot::handed_back::HandedBack;
use crate::bot::input::{Failure, Input, Person, What};
use crate::bot::message::{Media, Message};
use crate::bot::script::Script;
use crate::bot::skill::{self, Arguments, Read, Write};
use crate::bot::state::State;
use crate::bot::step::{give_up, step};
use crate::config::LIMITS;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, Conversation, ConversationId, Turned};
use crate::store::outbox::{self, Kind, Owed};
use crate::store::scripts::Live;
use crate::store::statement::Statement;
use crate::store::{handoffs, media, scores, timers, turns};
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::DmId;
use crate::x_api::time::{Span, Timestamp};

/// What a turn is about.
pub struct Happened<'a> {
    /// `event:…`, `call:…` or `handback:…`: one turn for each.
    pub cause: &'a str,
    pub what: What,
    /// As the event tells them; else as they are known.
    pub name: Option<String>,
    pub username: Option<String>,
    /// The message that is answered, for the read receipt.
    pub read: Option<DmId>,
}

/// Who talks, and what the bot follows.
pub struct Cast<'a> {
    pub id: &'a ConversationId,
    pub account: &'a Account,
    pub conversation: Option<&'a Conversation>,
    pub script: &'a Script,
    /// The hash of each file that the script names.
    pub media: &'a BTreeMap<String, String>,
    /// Why the handoff that was open is over with this turn.
    pub ends: Option<&'a str>,
}

/// What is written for a turn, and what is shown once it stands.
#[derive(Default)]
pub struct Written {
    pub batch: Vec<Statement>,
    pub signals: Vec<Signal>,
}

/// A call is given up so long after its own limit: the worker that makes it may be slow to write.
const GIVEN_UP_AFTER: Span = Span::seconds(15);
/// Skills that one turn runs at most.
const MOST_SKILLS: usize = 10;

pub async fn turn<P: Platform>(
    p: &P,
    cast: &Cast<'_>,
    happened: &Happened<'_>,
    now: Timestamp,
) -> Result<Written, Trouble> {
    let (state, turns_so_far) = conversations::so_far(cast.conversation);
    let number = turns_so_far + 1;
    let known = |pick: fn(&Conversation) -> Option<&String>| cast.conversation.and_then(pick).cloned();
    let name = happened.name.clone().or_else(|| known(|c| c.name.as_ref())).unwrap_or_default();
    let username = happened.username.clone().or_else(|| known(|c| c.username.as_ref())).unwrap_or_default();
    let customer_name = name.clone();
    let customer = Person { id: cast.id.customer.as_str().to_owned(), name, username };
    let mut stepping = Stepping {
        cast,
        customer,
        cause: happened.cause,
        now,
        state,
        effects: Vec::new(),
        writes: Vec::new(),
        written: Vec::new(),
    };
    let pause = stepping.run(p, happened.what.clone()).await?;
    let Stepping { state, effects, writes, .. } = stepping;

    let handoff = effects.iter().find_map(|effect| match effect {
        Effect::Handoff { note, until } => Some((note.as_deref(), now + Span(until.as_ms()))),
        _ => None,
    });
    let (holder, holder_until) = handoff.map_or(("bot", Timestamp(0)), |(_, until)| ("human", until));
    let turned = Turned {
        state: &state,
        holder,
        holder_until,
        number,
        name: told_anew(happened.name.as_ref(), known(|c| c.name.as_ref())),
        username: told_anew(happened.username.as_ref(), known(|c| c.username.as_ref())),
    };
    let mut batch = vec![
        turns::insert(cast.id, number, happened.cause, "bot", state.node.as_deref(), now),
        conversations::turn(cast.id, &turned, now),
    ];
    batch.extend(writes);
    batch.extend(cast.ends.map(|why| handoffs::end(cast.id, why, now)));
    let mut notice = None;
    if let Some((note, until)) = handoff {
        let (id, account, cause) = (cast.id, cast.account, happened.cause);
        batch.push(handoff::waiting(&Start { id, account, cause, by: "script", note, until }, now));
        notice = handoff::started(account, &customer_name).map(Effect::Say);
    }
    let effects: Vec<Effect> = effects.into_iter().chain(notice).collect();
    let owed = effects.iter().filter_map(|effect| owed(effect, cast.script.merge));
    for (place, (kind, body, file)) in (0..).zip(owed) {
        let media = file.and_then(|file| match file {
            Media::File(name) => cast.media.get(&name).map(|hash| match kind {
                Kind::Dm => hash.clone(),
                Kind::Post => media::key_in_posts(hash),
            }),
            Media::Url(url) => Some(media::key_of_address(&url)).filter(|_| kind == Kind::Dm),
        });
        let owed = Owed { kind, cause: happened.cause, turn: number, place, holder: "bot", media, body };
        batch.push(outbox::insert(cast.id, &owed, now));
    }
    if effects.contains(&Effect::Silence) {
        batch.extend([outbox::drop_before(cast.id, number), outbox::send_once_before(cast.id, number)]);
    }
    let mut typing = effects.contains(&Effect::Typing).then_some(Signal::Typing);
    if let Some(Pause::Call { token, call }) = pause {
        // Whoever makes the call gives it, once what was said before has gone.
        typing = None;
        let due_at = now + Span::seconds(call.within_seconds) + GIVEN_UP_AFTER;
        batch.push(timers::insert(cast.id, &format!("call:{}", happened.cause), &token, &call, due_at));
    }
    Ok(Written { batch, signals: receipt(cast, happened, &effects).into_iter().chain(typing).collect() })
}

/// The engine and the skills that it asks for, until it has nothing more to ask at once.
struct Stepping<'a> {
    cast: &'a Cast<'a>,
    customer: Person,
    cause: &'a str,
    now: Timestamp,
    state: State,
    effects: Vec<Effect>,
    writes: Vec<Statement>,
    /// The same as the skills wrote it.
    written: Vec<Write>,
}

impl Stepping<'_> {
    async fn run<P: Platform>(&mut self, p: &P, what: What) -> Result<Option<Pause>, Trouble> {
        let account = &self.cast.account;
        let mut input = Input {
            what,
            customer: self.customer.clone(),
            account: Person {
                id: account.id.as_str().to_owned(),
                name: account.name.clone(),
                username: account.username.clone(),
            },
            at: self.now.0,
            dice: dice(self.cause),
            greets: account.speaks == Speaks::Plain,
        };
        let settings = Settings::of(account.handoff.as_deref());
        let nobody_takes_over = settings.mode == Mode::Bot;
        for _ in 0..MOST_SKILLS {
            let Stepped { state, effects, pause } = step(self.cast.script, &LIMITS, &self.state, &input);
            self.state = state;
            self.effects.extend(effects);
            if nobody_takes_over && let Some(at) = self.effects.iter().position(is_handoff) {
                self.effects.remove(at);
                let handoff = HandedBack { why: "nobody".to_owned(), ..HandedBack::default() };
                let notice = settings.notices.nobody.as_ref().map(|text| notice(text, "", &self.customer.name));
                input.what = What::HandedBack { handoff, notice, quietly: false };
                continue;
            }
            match pause {
                Some(Pause::Skill { token, name, with }) => {
                    input.what = What::Answered { token, result: self.skill(p, &name, &with).await? };
                }
                other => return Ok(other),
            }
        }
        let Stepped { state, effects, .. } = give_up(self.cast.script, &LIMITS, &self.state, &input);
        self.state = state;
        self.effects.extend(effects);
        Ok(None)
    }

    async fn skill<P: Platform>(&mut self, p: &P, name: &str, with: &Arguments) -> Result<Answer, Trouble> {
        let Some(skill) = skill::named(name) else {
            return Ok(Err(Failure::new("no_skill", "this version of Perch does not have it")));
        };
        let account = &self.cast.id.account;
        let Read::Scores { board } = (skill.reads)(with);
        let mut rows: Vec<skill::Score> = p.all(scores::of(account, &board)).await?;
        // What this very turn has written so far is not in the tables yet.
        self.written.iter().filter(|write| write.board() == board).for_each(|write| write.apply(&mut rows));
        Ok((skill.run)(with, &rows).map(|(value, writes)| {
            self.written.extend(writes.iter().cloned());
            self.writes.extend(writes.iter().map(|write| match write {
                Write::NewScore { board, score } => scores::insert(account, board, *score, self.now),
                Write::ChangedScore { board, score } => scores::change(account, board, *score, self.now),
            }));
            value
        }))
    }
}

fn is_handoff(effect: &Effect) -> bool {
    matches!(effect, Effect::Handoff { .. })
}

/// Kind, body, and the file that it carries.
type Said = (Kind, String, Option<Media>);

fn owed(effect: &Effect, merges: bool) -> Option<Said> {
    match effect {
        Effect::Say(message) => {
            let message = Message { alone: !merges, ..message.clone() };
            Some((Kind::Dm, serde_json::to_string(&message).unwrap_or_default(), message.media))
        }
        Effect::Post(post) => Some((Kind::Post, serde_json::to_string(post).unwrap_or_default(), post.media.clone())),
        Effect::Typing | Effect::Handoff { .. } | Effect::Silence => None,
    }
}

/// What is known already is not written again.
fn told_anew(told: Option<&String>, known: Option<String>) -> Option<String> {
    told.filter(|told| Some(*told) != known.as_ref()).cloned()
}

/// Only with an answer: a message that nobody reacts to does not look read.
fn receipt(cast: &Cast<'_>, happened: &Happened<'_>, effects: &[Effect]) -> Option<Signal> {
    let wanted = cast.script.read_receipts && !effects.is_empty();
    happened.read.clone().filter(|_| wanted).map(Signal::Read)
}

/// The same cause throws the same dice, so that a turn that is stepped twice says the same.
fn dice(cause: &str) -> u64 {
    Sha256::digest(cause.as_bytes()).iter().take(8).fold(0, |dice, byte| dice << 8 | u64::from(*byte))
}

/// The script that the account follows.
pub fn script_of(live: Option<&Live>) -> Result<std::borrow::Cow<'static, Script>, Trouble> {
    match live {
        // Checked before it was published; only an older Perch than the one that took it cannot read it.
        Some(live) => Script::read_json(&live.body)
            .map(std::borrow::Cow::Owned)
            .map_err(|error| Trouble::Settings(format!("the script cannot be read: {error}"))),
        None => script::built_in()
            .map(std::borrow::Cow::Borrowed)
            .ok_or_else(|| Trouble::Settings("the built-in script is not sound".to_owned())),
    }
}
