//! What templates and conditions can name: the customer, the account, variables, data, and this turn's words.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;

use super::input::{Failure, Person};
use super::script::Script;
use super::state::State;
use super::template::SECRET_MARK;

/// The names that every script has, which no variable may take.
pub const RESERVED: &[&str] = &["customer", "account", "data", "text", "option", "welcome", "post", "error", "handoff"];
/// The fields of people.
pub const PERSON: &[&str] = &["id", "name", "username"];
pub const ERROR: &[&str] = &["kind", "status", "why"];

/// What is true for the whole turn.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What the customer wrote.
    pub text: String,
    /// The id of the option chosen, without its node.
    pub option: String,
    pub welcome: String,
    pub post: String,
}

pub struct Scope {
    names: BTreeMap<String, Value>,
}

impl Scope {
    pub fn new(script: &Script, customer: &Person, account: &Person, words: &Words) -> Self {
        let mut names = BTreeMap::from([
            ("customer".to_owned(), person(customer)),
            ("account".to_owned(), person(account)),
            ("data".to_owned(), Value::from(Serde(&script.data))),
            ("text".to_owned(), clean(&words.text)),
            ("option".to_owned(), clean(&words.option)),
            ("welcome".to_owned(), clean(&words.welcome)),
            ("post".to_owned(), clean(&words.post)),
        ]);
        for name in script.variable_names() {
            let first = script.variables.get(name).map_or_else(|| Value::from(""), |value| Value::from(Serde(value)));
            names.entry(name.to_owned()).or_insert(first);
        }
        Self { names }
    }

    /// With what the conversation remembers.
    pub fn with(&self, state: &State) -> Value {
        Value::from(self.names_with(state))
    }

    /// With one more name, which covers a variable of that name.
    pub fn with_item(&self, state: &State, name: &str, item: &Value) -> Value {
        let mut names = self.names_with(state);
        names.insert(name.to_owned(), item.clone());
        Value::from(names)
    }

    fn names_with(&self, state: &State) -> BTreeMap<String, Value> {
        let mut names = self.names.clone();
        let remembered = state.vars.iter().filter(|(name, _)| !RESERVED.contains(&name.as_str()));
        names.extend(remembered.map(|(name, value)| (name.clone(), Value::from(Serde(value)))));
        names.insert("handoff".to_owned(), Value::from(Serde(state.handoff.clone().unwrap_or_default())));
        names
    }

    pub fn fail(&mut self, failure: &Failure) {
        self.names.insert("error".to_owned(), Value::from(Serde(failure)));
    }
}

fn person(person: &Person) -> Value {
    let Person { id, name, username } = person;
    Value::from(BTreeMap::from([("id", clean(id)), ("name", clean(name)), ("username", clean(username))]))
}

/// Without the mark that stands for secrets.
fn clean(text: &str) -> Value {
    Value::from(text.replace(SECRET_MARK, ""))
}
