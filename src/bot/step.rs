//! One turn: what the bot does about one input.

use super::check::Limits;
use super::effect::{Effect, Stepped};
use super::input::{Act, Input, What};
use super::matching::{self, Meaning};
use super::offers::Chosen;
use super::scope::{Scope, Words};
use super::script::{BACK, Script};
use super::state::{Public, State, Step};
use super::template::SECRET_MARK;
use super::turn::{Entry, Turn};

/// Steps the conversation. Whatever the customer writes is answered with something that leads on, unless the customer
/// asked for silence or people have the conversation.
pub fn step(script: &Script, limits: &Limits, state: &State, input: &Input) -> Stepped {
    let input = &input.without(SECRET_MARK);
    let mut state = state.clone();
    let is_back = matches!(input.what, What::HandedBack { .. });
    if input.at - state.at > script.session.as_ms() && state.waiting.is_none() && !is_back {
        state.begin_anew();
    }
    state.at = input.at;
    match &input.what {
        What::Said { text, option, welcome, post } => {
            let words = Words {
                text: text.clone(),
                option: String::new(),
                welcome: welcome.clone().unwrap_or_default(),
                post: post.clone().unwrap_or_default(),
            };
            said(script, limits, state, input, words, option.as_deref())
        }
        What::Did { act, text, post, may_dm } => {
            let words = Words { text: text.clone(), post: post.clone().unwrap_or_default(), ..Words::default() };
            did(script, limits, state, input, words, *act, *may_dm)
        }
        What::HandedBack { handoff, notice, quietly } => {
            let turn = Turn::new(script, limits, state, input, Words::default());
            turn.handed_back(handoff, notice.as_deref(), *quietly)
        }
        What::Answered { token, result } => {
            let Some(waiting) = state.waiting.take_if(|waiting| waiting.token == *token) else {
                // Of a turn that was overtaken.
                return Stepped { state, ..Stepped::default() };
            };
            let post = waiting.public.as_ref().map(|public| public.post.clone()).unwrap_or_default();
            let words = Words { text: waiting.text, option: waiting.option, post, ..Words::default() };
            let mut turn = Turn::new(script, limits, state, input, words);
            turn.draft = waiting.draft;
            turn.public = waiting.public.as_ref().map(|public| public.act);
            let stepped = turn.run_on(&waiting.node, waiting.step, result.clone());
            match waiting.public {
                Some(public) => in_public(stepped, *public),
                None => stepped,
            }
        }
    }
}

/// The end of a turn that asks the world for more than a turn may: what was said in it, and the apology.
pub fn give_up(script: &Script, limits: &Limits, state: &State, input: &Input) -> Stepped {
    let mut state = state.clone();
    let waiting = state.waiting.take();
    let (draft, public) = waiting.map(|waiting| (waiting.draft, waiting.public)).unwrap_or_default();
    let mut turn = Turn::new(script, limits, state, input, Words::default());
    turn.draft = draft;
    turn.public = public.as_ref().map(|public| public.act);
    let stepped = turn.apologise();
    match public {
        Some(public) => in_public(stepped, *public),
        None => stepped,
    }
}

fn said(
    script: &Script,
    limits: &Limits,
    mut state: State,
    input: &Input,
    words: Words,
    option: Option<&str>,
) -> Stepped {
    // Somebody who writes while a call is under way is answered now; what was said before the call goes along.
    let unsaid = state.waiting.take().map(|waiting| waiting.draft).unwrap_or_default();
    let scope = Scope::new(script, &input.customer, &input.account, &words);
    let meaning = matching::meaning(script, &state, &words.text, option, &scope);
    let is_new = state.node.as_ref().is_none_or(|node| !script.nodes.contains_key(node));
    let mut turn = Turn::new(script, limits, state, input, words);
    turn.draft = unsaid;
    match meaning {
        Meaning::OptOut => turn.opt_out(),
        Meaning::Unknown if turn.state.opted_out => turn.end_silently(),
        Meaning::OptIn => turn.opt_in(),
        Meaning::Chosen(Chosen { option, id, item }) => {
            turn.words.option = id;
            turn.set_item(&option.set, &option.item, item);
            if option.go == BACK { turn.back() } else { turn.run(Entry::to(&option.go)) }
        }
        Meaning::Page { node, page } if turn.state.node.as_deref() == Some(node) => {
            turn.turn_page(Entry { node, page })
        }
        Meaning::Page { node, page } => turn.run(Entry { node, page }),
        Meaning::Command { go, captured } => {
            turn.state.vars.extend(captured);
            if go == BACK { turn.back() } else { turn.run(Entry::to(go)) }
        }
        Meaning::Correct { node } => {
            turn.state.answered.retain(|answered| answered != node);
            turn.run(Entry::to(node))
        }
        Meaning::Answer { ask, value } => turn.answered(ask, value),
        Meaning::Unfit { ask } => turn.unfit(ask),
        Meaning::Confirm { ask, right } => turn.confirmed(ask, right),
        Meaning::Unknown if is_new && input.greets => turn.greet(),
        Meaning::Unknown if is_new => turn.run(Entry::to(&script.start)),
        Meaning::Unknown => turn.run(Entry::to(&script.fallback)),
    }
}

/// What is done in public leaves the conversation where it is, unless a message goes into it.
fn did(script: &Script, limits: &Limits, state: State, input: &Input, words: Words, act: Act, may_dm: bool) -> Stepped {
    let node = match act {
        Act::Mention => &script.on.mention,
        Act::Follow => &script.on.follow,
        Act::Favorite => &script.on.favorite,
    };
    let Some(node) = node else { return Stepped { state, ..Stepped::default() } };
    let public = Public { act, may_dm, post: words.post.clone(), before: state.clone() };
    let mut turn = Turn::new(script, limits, state, input, words);
    turn.public = Some(act);
    in_public(turn.run(Entry::to(node)), public)
}

/// Of what a public act led to, only what may happen.
fn in_public(mut stepped: Stepped, public: Public) -> Stepped {
    let before = &public.before;
    if !public.may_dm || before.opted_out || before.waiting.is_some() {
        stepped.effects.retain(|effect| matches!(effect, Effect::Post(_)));
    }
    if let Some(waiting) = &mut stepped.state.waiting {
        waiting.public = Some(Box::new(public));
        return stepped;
    }
    let before = public.before;
    if !stepped.effects.iter().any(|effect| matches!(effect, Effect::Say(_))) {
        // Variables stay; the place in the conversation does not move.
        let vars = std::mem::take(&mut stepped.state.vars);
        stepped.state = State { vars, ..before };
    }
    stepped
}

impl Step {
    /// Whether this part of the node is still ahead.
    pub fn is_before(self, other: Self) -> bool {
        self < other
    }
}
