//! A turn under way: from node to node, until somebody else has to speak.

use std::collections::BTreeMap;

use minijinja::Value as Rendered;
use serde_json::Value;

use super::check::Limits;
use super::draft::Draft;
use super::effect::{self, Effect, Pause, Stepped};
use super::input::{Act, Input};
use super::matching::{self, START_OVER};
use super::message::Choice;
use super::offers;
use super::scope::{Scope, Words};
use super::script::{Node, Script};
use super::state::{Asking, Offer, State, Step, Waiting};
use super::template::{self, Unrendered, deep};

/// The nodes that one turn visits at most: a circle that the checker let through ends here.
pub const MOST_NODES: usize = 25;
/// What a conversation may remember, as JSON (bytes).
const MOST_MEMORY: usize = 64 * 1024;

/// Where a turn goes next.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'s> {
    pub node: &'s str,
    /// Of a long list of options.
    pub page: usize,
}

pub struct Turn<'s> {
    pub(super) script: &'s Script,
    pub(super) limits: &'s Limits,
    pub(super) input: &'s Input,
    pub(super) state: State,
    pub(super) words: Words,
    pub(super) draft: Draft,
    pub(super) public: Option<Act>,
    pub(super) scope: Scope,
    pub(super) effects: Vec<Effect>,
}

/// How a node ends.
enum End<'s> {
    Go(Entry<'s>),
    /// The customer's turn: the ways on are offered.
    Offer(Vec<Choice>),
    HandedOver,
    Paused(Pause),
}

/// Why a node could not be gone through.
pub(super) struct Failed;

impl From<Unrendered> for Failed {
    fn from(_: Unrendered) -> Self {
        Self
    }
}

impl<'s> Turn<'s> {
    pub fn new(script: &'s Script, limits: &'s Limits, state: State, input: &'s Input, words: Words) -> Self {
        let scope = Scope::new(script, &input.customer, &input.account, &words);
        Self { script, limits, input, state, words, draft: Draft::default(), public: None, scope, effects: Vec::new() }
    }

    /// From this node on to the end of the turn.
    pub fn run(mut self, entry: Entry<'_>) -> Stepped {
        // The words may have been completed since the turn began.
        self.scope = Scope::new(self.script, &self.input.customer, &self.input.account, &self.words);
        self.state.asking = None;
        match self.script.nodes.get_key_value(entry.node) {
            Some((node, _)) => {
                self.state.set_out();
                self.go(Entry { node, page: entry.page }, Step::Entered)
            }
            None => self.apologise(),
        }
    }

    /// More of what stands where the customer is: nothing is set, asked of a service or posted once more.
    pub fn turn_page(mut self, entry: Entry<'s>) -> Stepped {
        self.scope = Scope::new(self.script, &self.input.customer, &self.input.account, &self.words);
        self.state.asking = None;
        self.go(entry, Step::Shown)
    }

    /// After a pause within this node.
    pub fn run_on(mut self, node: &str, step: Step, result: effect::Answer) -> Stepped {
        let Some((name, node)) = self.script.nodes.get_key_value(node) else { return self.apologise() };
        let (into, on_error) = match step {
            Step::SkillDone => node.skill.as_ref().map(|skill| (&skill.into, &skill.on_error)),
            Step::CallDone | Step::Entered | Step::Shown => node.call.as_ref().map(|call| (&call.into, &call.on_error)),
        }
        .unzip();
        match (result, into, on_error) {
            (Ok(value), Some(into), _) => {
                self.state.vars.insert(into.clone(), value);
                self.go(Entry::to(name), step)
            }
            (Err(failure), _, Some(on_error)) => {
                self.scope.fail(&failure);
                self.go(Entry::to(on_error), Step::Entered)
            }
            _ => self.apologise(),
        }
    }

    pub fn back(mut self) -> Stepped {
        let nodes = &self.script.nodes;
        let before = std::iter::from_fn(|| self.state.trail.pop()).find(|node| nodes.contains_key(node));
        // Arriving there must not leave a way "back" to where the customer comes from.
        self.state.node = None;
        let node = before.unwrap_or_else(|| self.script.start.clone());
        self.run(Entry::to(&node))
    }

    /// The one case in which nothing is said to what a customer writes: it was asked for.
    pub fn end_silently(self) -> Stepped {
        Stepped { state: self.state, effects: self.effects, pause: None }
    }

    /// Sets variables, with the item of the list at hand that an option was made from.
    pub fn set_item(&mut self, set: &BTreeMap<String, Value>, name: &str, item: Option<Rendered>) {
        self.scope = Scope::new(self.script, &self.input.customer, &self.input.account, &self.words);
        for (variable, value) in set {
            let scope = match &item {
                Some(item) => self.scope.with_item(&self.state, name, item),
                None => self.scope.with(&self.state),
            };
            if let Ok(value) = deep(value, &scope, template::value_of) {
                self.state.vars.insert(variable.clone(), value);
            }
        }
    }

    fn go(mut self, entry: Entry<'s>, step: Step) -> Stepped {
        let (mut entry, mut step) = (entry, step);
        for _ in 0..MOST_NODES {
            let Some(node) = self.script.nodes.get(entry.node) else { return self.apologise() };
            match self.visit(entry, node, step) {
                Ok(End::Go(next)) => (entry, step) = (next, Step::Entered),
                Ok(End::Offer(options)) => return self.end(options),
                Ok(End::HandedOver) => return self.end_with(Vec::new()),
                Ok(End::Paused(pause)) => {
                    return Stepped { state: self.state, effects: self.effects, pause: Some(pause) };
                }
                Err(Failed) => return self.apologise(),
            }
        }
        self.apologise()
    }

    fn visit(&mut self, entry: Entry<'s>, node: &'s Node, step: Step) -> Result<End<'s>, Failed> {
        if step == Step::Entered {
            self.state.arrive(entry.node);
            for (name, value) in &node.set {
                let value = deep(value, &self.scope.with(&self.state), template::value_of)?;
                self.state.vars.insert(name.clone(), value);
            }
            if self.memory() > MOST_MEMORY {
                return Err(Failed);
            }
        }
        if let Some(pause) = self.pause(entry.node, node, step)? {
            return Ok(End::Paused(pause));
        }
        for branch in &node.when {
            if template::evaluate(&branch.condition, &self.scope.with(&self.state))?.is_true() {
                return Ok(End::Go(Entry::to(&branch.go)));
            }
        }
        self.speak(node, step)?;
        if let Some(handoff) = &node.handoff {
            let note =
                handoff.note.as_ref().map(|note| template::render(note, &self.scope.with(&self.state))).transpose()?;
            self.state.after.clone_from(&handoff.after);
            self.effects.push(Effect::Handoff { note, until: handoff.until });
            return Ok(End::HandedOver);
        }
        if let Some(go) = &node.go {
            return Ok(End::Go(Entry::to(go)));
        }
        if node.ask.is_some() {
            self.state.asking = Some(Asking { node: entry.node.to_owned(), ..Asking::default() });
        }
        self.offers(entry, node).map(End::Offer)
    }

    /// What the node has to wait for before it can go on.
    fn pause(&mut self, name: &str, node: &Node, step: Step) -> Result<Option<Pause>, Failed> {
        let token = format!("{:x}", self.input.dice);
        let scope = self.scope.with(&self.state);
        let pause = if let Some(skill) = node.skill.as_ref().filter(|_| step.is_before(Step::SkillDone)) {
            let with =
                skill.with.iter().map(|(name, value)| Ok((name.clone(), deep(value, &scope, template::value_of)?)));
            let with = with.collect::<Result<_, Unrendered>>()?;
            Some((Step::SkillDone, Pause::Skill { token: token.clone(), name: skill.name.clone(), with }))
        } else if let Some(call) = node.call.as_ref().filter(|_| step.is_before(Step::CallDone)) {
            let call = super::web_call::render_call(call, &scope)?;
            self.effects.push(Effect::Typing);
            Some((Step::CallDone, Pause::Call { token: token.clone(), call }))
        } else {
            None
        };
        Ok(pause.map(|(step, pause)| {
            let draft = std::mem::take(&mut self.draft);
            let (text, option) = (self.words.text.clone(), self.words.option.clone());
            self.state.waiting =
                Some(Waiting { node: name.to_owned(), step, token, draft, text, option, public: None });
            pause
        }))
    }

    fn speak(&mut self, node: &Node, step: Step) -> Result<(), Failed> {
        let scope = self.scope.with(&self.state);
        if let Some(post) = node.post.as_ref().filter(|_| step.is_before(Step::Shown)) {
            let in_reply_to = post.reply.then(|| self.words.post.clone()).filter(|post| !post.is_empty());
            let text = template::render(&post.say, &scope)?;
            let media = super::speech::picture(post.media.as_ref(), self.input.dice, &scope)?;
            // X takes no empty post.
            if !text.trim().is_empty() {
                let prompt = post.prompt.clone();
                self.effects.push(Effect::Post(super::message::Post { text, in_reply_to, prompt, media }));
            }
        }
        if node.typing {
            self.effects.push(Effect::Typing);
        }
        let said = super::speech::of(self.script, node, self.input.dice, &scope)?;
        if !said.is_empty() {
            self.add(said);
        }
        Ok(())
    }

    pub(super) fn offers(&self, entry: Entry<'_>, node: &Node) -> Result<Vec<Choice>, Failed> {
        Ok(offers::offered(self.script, entry.node, node, entry.page, &self.scope, &self.state, self.limits)?)
    }

    /// Something failed that the script does not provide for. The customer still gets an answer and a way on.
    pub(super) fn apologise(mut self) -> Stepped {
        self.state.asking = None;
        self.state.waiting = None;
        if self.memory() > MOST_MEMORY {
            self.state.vars.clear();
        }
        // Nobody waits for a word to what was done in public.
        if self.public.is_none() {
            self.say(self.script.apology.clone());
        }
        self.end(Vec::new())
    }

    /// The customer's turn, with a way on in any case.
    pub(super) fn end(self, mut options: Vec<Choice>) -> Stepped {
        if options.is_empty() && self.state.asking.is_none() && self.public.is_none() {
            let label = self.script.start_over.clone();
            options.push(Choice { id: START_OVER.to_owned(), label, description: None });
        }
        self.end_with(options)
    }

    fn end_with(mut self, options: Vec<Choice>) -> Stepped {
        self.state.offered =
            options.iter().map(|choice| Offer { id: choice.id.clone(), label: choice.label.clone() }).collect();
        if self.draft.is_empty() && self.public.is_none() {
            self.say(self.script.apology.clone());
        }
        if !self.draft.is_empty() {
            let mut messages = self.draft.take(options, self.limits);
            let by_label = self.takes_numbers();
            messages.iter_mut().for_each(|message| message.by_label = by_label);
            self.tell(messages);
        }
        Stepped { state: self.state, effects: self.effects, pause: None }
    }

    /// Whether the number of an option would be an answer to the question, or the label of another one.
    fn takes_numbers(&self) -> bool {
        let offered = &self.state.offered;
        let ask = self.state.asking.as_ref().and_then(|asking| self.script.nodes.get(&asking.node)?.ask.as_ref());
        offered.iter().any(|offer| offer.label.trim().parse::<u32>().is_ok())
            || ask.is_some_and(|ask| (1..=offered.len()).any(|n| matching::answer(ask, &n.to_string()).is_some()))
    }

    fn memory(&self) -> usize {
        serde_json::to_string(&self.state.vars).map_or(usize::MAX, |json| json.len())
    }
}

impl<'s> Entry<'s> {
    pub fn to(node: &'s str) -> Self {
        Self { node, page: 0 }
    }
}
