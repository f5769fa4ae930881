//! What the engine is told: what happened, who is there, and the dice.

use serde_json::Value;

use super::handed_back::{HandedBack, Line};

/// One thing that happened to a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub what: What,
    pub customer: Person,
    pub account: Person,
    /// Now (ms).
    pub at: i64,
    /// Seeded by the cause of the turn, so that the same turn always says the same.
    pub dice: u64,
    /// Nobody has seen the welcome message before the first word: it is the answer to words that mean nothing yet.
    pub greets: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The customer wrote, or tapped an option.
    Said {
        text: String,
        /// Metadata of the option that was tapped.
        option: Option<String>,
        /// The script's name of the welcome message that was shown before.
        welcome: Option<String>,
        /// The post whose button opened the conversation.
        post: Option<String>,
    },
    /// The customer did something in public.
    Did {
        act: Act,
        text: String,
        post: Option<String>,
        /// The customer has written to the account before: a Direct Message is no surprise. Whether they said stop, the engine looks.
        may_dm: bool,
    },
    /// People have given the conversation back, or nobody took it.
    HandedBack {
        handoff: HandedBack,
        /// What the customer is told about it.
        notice: Option<String>,
        /// Nobody waits for a word.
        quietly: bool,
    },
    /// The world answers what a turn waits for.
    Answered { token: String, result: Result<Value, Failure> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Mention,
    Follow,
    Favorite,
}

/// Why a call or a skill gave no result; a script sees it as `error`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// One word for conditions: `timeout`, `status`, `not_json` …
    pub kind: String,
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// In words.
    #[serde(default)]
    pub why: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Person {
    pub id: String,
    /// The name shown; empty where it is not known.
    pub name: String,
    /// Without `@`.
    pub username: String,
}

impl Input {
    /// Without this character wherever the outside could have put it: what stands for a secret is the script's alone.
    pub fn without(&self, mark: char) -> Self {
        let clean = |text: &String| text.replace(mark, "");
        let maybe = |text: &Option<String>| text.as_ref().map(clean);
        let what = match &self.what {
            What::Said { text, option, welcome, post } => {
                What::Said { text: clean(text), option: maybe(option), welcome: maybe(welcome), post: maybe(post) }
            }
            What::Did { act, text, post, may_dm } => {
                What::Did { act: *act, text: clean(text), post: maybe(post), may_dm: *may_dm }
            }
            What::HandedBack { handoff, notice, quietly } => {
                let line = |line: &Line| Line { who: line.who.clone(), text: clean(&line.text) };
                let said = handoff.said.iter().map(line).collect();
                let handoff = HandedBack { agent: clean(&handoff.agent), why: handoff.why.clone(), said };
                What::HandedBack { handoff, notice: maybe(notice), quietly: *quietly }
            }
            What::Answered { token, result } => {
                let result = match result {
                    Ok(value) => Ok(value_without(value, mark)),
                    Err(failure) => Err(Failure { why: clean(&failure.why), ..failure.clone() }),
                };
                What::Answered { token: token.clone(), result }
            }
        };
        Self { what, ..self.clone() }
    }

    /// The customer wrote this, and nothing else is known.
    pub fn said(text: &str) -> Self {
        let what = What::Said { text: text.to_owned(), option: None, welcome: None, post: None };
        Self { what, ..Self::default() }
    }
}

fn value_without(value: &Value, mark: char) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(mark, "")),
        Value::Array(all) => all.iter().map(|value| value_without(value, mark)).collect(),
        Value::Object(all) => {
            all.iter().map(|(name, value)| (name.replace(mark, ""), value_without(value, mark))).collect()
        }
        other => other.clone(),
    }
}

impl Default for What {
    fn default() -> Self {
        Self::Said { text: String::new(), option: None, welcome: None, post: None }
    }
}

impl Failure {
    pub fn new(kind: &str, why: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), status: None, why: why.into() }
    }
}
