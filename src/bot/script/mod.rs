//! The script: what the bot follows, as its author writes it in YAML.

mod node;
mod options;
mod period;
mod source;
mod world;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use node::{Ask, Branch, Call, Handoff, Node, Post, SkillCall, Texts};
pub use options::{Choose, Intent, Link};
pub use period::Period;
pub use source::Source;
pub use world::{Consent, Correction, Profile, Triggers, Welcome};

/// The words of a target that mean the node before this one.
pub const BACK: &str = "back";

/// A bot, whole. Unknown fields are mistakes, so that a misspelt one is not silently ignored.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The version of the language: 1.
    pub version: u32,
    /// What the bot is called among its authors.
    pub name: String,
    /// The node of a first message, and of the first one after the session expired.
    pub start: String,
    /// The node of what nothing else understands.
    pub fallback: String,
    /// Words that lead to a node from anywhere. A command may capture what is typed: `order {number:int}`. The kinds of
    /// captures are those of `ask`. Of several that fit, the one with the fewest captures of kind `text` counts, then the
    /// first by the alphabet.
    #[serde(default)]
    pub commands: BTreeMap<String, String>,
    /// What happens in public that the bot takes up.
    #[serde(default, skip_serializing_if = "Triggers::is_empty")]
    pub on: Triggers,
    /// Variables and what they hold in the beginning. Templates name them directly: `{{ order }}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Value>,
    /// Lists and tables that never change. Templates name them below `data`: `{{ data.resorts }}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, Value>,
    /// Options that every node offers after its own, such as the ways back and home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub everywhere: Vec<Choose>,
    /// After so long a silence the bot starts over and forgets its variables.
    #[serde(default = "a_day")]
    pub session: Period,
    /// Events that are older are recorded and not answered.
    #[serde(default = "a_day")]
    pub max_event_age: Period,
    /// Whether customers see that their message was read.
    #[serde(default = "yes")]
    pub read_receipts: bool,
    /// Whether messages that had to wait because X's limit was spent go out as one, where X shows text alone.
    #[serde(default = "yes")]
    pub merge: bool,
    /// Who speaks, by name. X shows it only for accounts that it has allowed custom profiles.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, Profile>,
    /// The profile of every node that names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What X shows before the customer has written anything, by name. Each has a deep link of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub welcome_messages: BTreeMap<String, Welcome>,
    /// The welcome message of whoever comes without a deep link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_welcome: Option<String>,
    /// The words that silence the bot for a customer, and what it says to that.
    #[serde(default = "Consent::opt_out")]
    pub opt_out: Consent,
    /// The words that give it its voice back.
    #[serde(default = "Consent::opt_in")]
    pub opt_in: Consent,
    /// The words that take the last answer back.
    #[serde(default)]
    pub correct: Correction,
    /// What is said when something fails that the script does not provide for.
    #[serde(default = "apology")]
    pub apology: String,
    /// The label of the way on where a node happens to have none.
    #[serde(default = "start_over")]
    pub start_over: String,
    /// The label of the option that shows the next options of a long list.
    #[serde(default = "more")]
    pub more: String,
    /// The places of the conversation, by name.
    pub nodes: BTreeMap<String, Node>,
}

impl Script {
    /// Reads a script as its author wrote it. What is wrong within it, `check` tells.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn read(yaml: &str) -> Result<Self, String> {
        serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
    }

    /// The same for the JSON that YAML was made into.
    pub fn read_json(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    /// The names that its templates may use besides those of the conversation itself.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        let mut names = Vec::new();
        self.each_variable(&mut |_, name, _| names.push(name));
        names.into_iter()
    }

    /// Shows every variable where it gets its name; the place is put into words only for whoever asks.
    pub fn each_variable<'s>(&'s self, see: &mut See<'_, 's>) {
        set_in(&|| "variables".to_owned(), &self.variables, see);
        for (name, node) in &self.nodes {
            let place = |what: &str| format!("nodes.{name}.{what}");
            set_in(&|| place("set"), &node.set, see);
            if let Some(ask) = &node.ask {
                see(&|| place("ask.into"), &ask.into, Source::Answer(ask.kind));
            }
            if let Some(call) = &node.call {
                see(&|| place("call.into"), &call.into, Source::World);
            }
            if let Some(skill) = &node.skill {
                see(&|| place("skill.into"), &skill.into, Source::World);
            }
            set_by(&|| place("options"), &node.options, see);
        }
        for command in self.commands.keys() {
            for (name, kind) in super::pattern::captures_of(command) {
                see(&|| format!("commands.{command}"), name, Source::Command(kind));
            }
        }
        for (name, welcome) in &self.welcome_messages {
            set_by(&|| format!("welcome_messages.{name}.options"), &welcome.options, see);
        }
        set_by(&|| "everywhere".to_owned(), &self.everywhere, see);
    }
}

/// Is shown a variable: what tells its place, its name, and where it gets its value there.
pub type See<'f, 's> = dyn FnMut(&dyn Fn() -> String, &'s str, Source<'s>) + 'f;

fn set_by<'s>(place: &dyn Fn() -> String, options: &'s [Choose], see: &mut See<'_, 's>) {
    for (index, option) in options.iter().enumerate() {
        set_in(&|| format!("{}[{index}].set", place()), &option.set, see);
    }
}

fn set_in<'s>(place: &dyn Fn() -> String, set: &'s BTreeMap<String, Value>, see: &mut See<'_, 's>) {
    for (name, value) in set {
        see(&|| format!("{}.{name}", place()), name, Source::Script(value));
    }
}

fn a_day() -> Period {
    Period::hours(24)
}

fn yes() -> bool {
    true
}

fn apology() -> String {
    "Sorry, something went wrong on our side. Please try again, or start over.".to_owned()
}

fn start_over() -> String {
    "Start over".to_owned()
}

fn more() -> String {
    "More".to_owned()
}
