//! Mistakes of templates and conditions: names that nobody knows, filters that do not exist, loops that do not end.

use std::collections::BTreeSet;

use minijinja::Value;
use serde_json::Value as Json;

use super::compared::{self, number_beside};
use super::{Found, nearest};
use crate::bot::handed_back;
use crate::bot::input::{Failure, Person};
use crate::bot::scope::{ERROR, PERSON, RESERVED, Scope, Words};
use crate::bot::script::{Choose, Link, Node, Script, Texts};
use crate::bot::state::State;
use crate::bot::template::{self, Unrendered};

/// What every template may call.
const FUNCTIONS: &[&str] = &["range", "dict", "namespace", "loop"];

struct Checker<'a> {
    script: &'a Script,
    names: BTreeSet<&'a str>,
    /// Those of them that may hold something else than a text.
    others: BTreeSet<&'a str>,
    sample: Scope,
    found: &'a mut Found,
}

pub fn check(script: &Script, found: &mut Found) {
    let (mut names, mut others) = (BTreeSet::<&str>::new(), BTreeSet::<&str>::new());
    names.extend(RESERVED);
    names.extend(FUNCTIONS);
    others.extend(FUNCTIONS);
    script.each_variable(&mut |_, name, source| {
        names.insert(name);
        if !source.is_text() {
            others.insert(name);
        }
    });
    let mut sample = Scope::new(script, &Person::default(), &Person::default(), &Words::default());
    sample.fail(&Failure::new("", ""));
    let mut checker = Checker { script, names, others, sample, found };
    for (name, node) in &script.nodes {
        checker.node(&format!("nodes.{name}"), node);
    }
    for (index, option) in script.everywhere.iter().enumerate() {
        checker.option(&format!("everywhere[{index}]"), option);
    }
    for (name, welcome) in &script.welcome_messages {
        for (index, option) in welcome.options.iter().enumerate() {
            checker.option(&format!("welcome_messages.{name}.options[{index}]"), option);
        }
    }
    for (place, consent) in [("opt_out.say", &script.opt_out), ("opt_in.say", &script.opt_in)] {
        checker.texts(place, &consent.say);
    }
}

impl Checker<'_> {
    fn node(&mut self, place: &str, node: &Node) {
        let of_post = node.post.as_ref().and_then(|post| post.media.as_ref());
        for (field, texts) in [("say", node.say.as_ref()), ("media", node.media.as_ref()), ("post.media", of_post)] {
            if let Some(texts) = texts {
                self.texts(&format!("{place}.{field}"), texts);
            }
        }
        for (name, value) in &node.set {
            self.deep(&format!("{place}.set.{name}"), value);
        }
        for (index, branch) in node.when.iter().enumerate() {
            self.expression(&format!("{place}.when[{index}].if"), &branch.condition);
        }
        for (index, option) in node.options.iter().enumerate() {
            self.option(&format!("{place}.options[{index}]"), option);
        }
        for (index, link) in node.buttons.iter().enumerate() {
            self.button(&format!("{place}.buttons[{index}]"), link);
        }
        if let Some(skill) = &node.skill {
            for (name, value) in &skill.with {
                self.deep(&format!("{place}.skill.with.{name}"), value);
            }
        }
        if let Some(call) = &node.call {
            self.text(&format!("{place}.call"), call.url());
            for (name, value) in &call.headers {
                self.rendered(&format!("{place}.call.headers.{name}"), value, &[], |text, scope| {
                    template::render_with_secrets(text, scope).map(drop)
                });
            }
            if let Some(json) = &call.json {
                self.deep(&format!("{place}.call.json"), json);
            }
        }
        let texts = [
            ("post.say", node.post.as_ref().map(|post| &post.say)),
            ("handoff.note", node.handoff.as_ref().and_then(|handoff| handoff.note.as_ref())),
            ("ask.retry", node.ask.as_ref().map(|ask| &ask.retry)),
            ("ask.confirm", node.ask.as_ref().and_then(|ask| ask.confirm.as_ref())),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                self.text(&format!("{place}.{field}"), text);
            }
        }
    }

    fn option(&mut self, place: &str, option: &Choose) {
        let item = if option.each.is_some() { vec![option.item.as_str()] } else { Vec::new() };
        if let Some(each) = &option.each {
            self.expression(&format!("{place}.each"), each);
        }
        for (field, text) in
            [("id", option.id.as_ref()), ("label", Some(&option.label)), ("description", option.description.as_ref())]
        {
            if let Some(text) = text {
                self.rendered(&format!("{place}.{field}"), text, &item, |text, scope| {
                    template::render(text, scope).map(drop)
                });
            }
        }
        for (name, value) in &option.set {
            self.deep_with(&format!("{place}.set.{name}"), value, &item);
        }
    }

    fn button(&mut self, place: &str, link: &Link) {
        for (field, text) in link.texts() {
            if let Some(text) = text {
                self.text(&format!("{place}.{field}"), text);
            }
        }
    }

    fn texts(&mut self, place: &str, texts: &Texts) {
        let several = texts.all().len() > 1;
        for (index, text) in texts.all().iter().enumerate() {
            let place = if several { format!("{place}[{index}]") } else { place.to_owned() };
            self.text(&place, text);
        }
    }

    fn text(&mut self, place: &str, text: &str) {
        self.rendered(place, text, &[], |text, scope| template::render(text, scope).map(drop));
    }

    fn deep(&mut self, place: &str, value: &Json) {
        self.deep_with(place, value, &[]);
    }

    fn deep_with(&mut self, place: &str, value: &Json, more: &[&str]) {
        match value {
            Json::String(text) => {
                self.rendered(place, text, more, |text, scope| template::value_of(text, scope).map(drop))
            }
            Json::Array(all) => all
                .iter()
                .enumerate()
                .for_each(|(index, each)| self.deep_with(&format!("{place}[{index}]"), each, more)),
            Json::Object(all) => {
                all.iter().for_each(|(name, each)| self.deep_with(&format!("{place}.{name}"), each, more))
            }
            _ => {}
        }
    }

    fn expression(&mut self, place: &str, expression: &str) {
        match template::names_in_expression(expression) {
            Ok(names) => self.known(place, names, &compared::words(expression), &[]),
            Err(unrendered) => {
                self.add(place, &unrendered, "Write an expression without braces, such as: tries > 3 and not member.")
            }
        }
        let scope = self.sample.with(&State::default());
        self.ran(place, template::evaluate(expression, &scope).map(drop));
    }

    fn rendered(&mut self, place: &str, text: &str, more: &[&str], render: fn(&str, &Value) -> Result<(), Unrendered>) {
        if !text.contains('{') {
            return;
        }
        match template::names_in(text) {
            Ok(names) => self.known(place, names, &compared::words_within(text), more),
            Err(unrendered) => {
                return self.add(
                    place,
                    &unrendered,
                    "Close what was opened: {{ … }} shows something, {% … %} decides.",
                );
            }
        }
        let scope = more.iter().fold(self.sample.with(&State::default()), |scope, name| with(&scope, name));
        self.ran(place, render(text, &scope));
    }

    /// What shows only when it runs. That an empty sample cannot be added or divided is no mistake.
    fn ran(&mut self, place: &str, outcome: Result<(), Unrendered>) {
        if let Err(unrendered) = outcome.as_ref()
            && unrendered.is_certain
        {
            self.add(place, unrendered, "See the list of filters and functions in the reference of the language.");
        }
    }

    fn known(&mut self, place: &str, names: BTreeSet<String>, words: &[&str], more: &[&str]) {
        for name in names {
            let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
            let field = rest.split('.').next().unwrap_or_default();
            if !self.names.contains(first) && !more.contains(&first) && first != "secret" {
                let near = nearest(first, self.names.iter().copied());
                let mend = near.map_or_else(
                    || "Set it somewhere, or declare it in 'variables'.".to_owned(),
                    |near| format!("Is it '{near}'?"),
                );
                self.found.add(place, format!("Nothing is called '{first}'."), &mend);
            } else if let Some(fields) = self.fields(first) {
                if !field.is_empty() && !fields.contains(&field) {
                    let mend = nearest(field, fields.iter().copied())
                        .map_or_else(|| format!("It has: {}.", fields.join(", ")), |near| format!("Is it '{near}'?"));
                    self.found.add(place, format!("'{first}' has no '{field}'."), &mend);
                }
            } else if !self.others.contains(first)
                && !more.contains(&first)
                && let Some(number) = number_beside(first, words)
            {
                let cause = format!("'{first}' is a text: compared with the number {number} it always gives the same.");
                let mend = "Ask for it with 'kind: number', or write a text in quotes, which goes letter by letter.";
                self.found.add(place, cause, mend);
            }
        }
    }

    /// Of the names whose fields are known.
    fn fields(&self, name: &str) -> Option<Vec<&str>> {
        match name {
            "customer" | "account" => Some(PERSON.to_vec()),
            "error" => Some(ERROR.to_vec()),
            "handoff" => Some(handed_back::FIELDS.to_vec()),
            "data" => Some(self.script.data.keys().map(String::as_str).collect()),
            _ => None,
        }
    }

    fn add(&mut self, place: &str, unrendered: &Unrendered, mend: &str) {
        self.found.add(place, format!("The template cannot be used: {}.", unrendered.why.trim_end_matches('.')), mend);
    }
}

/// With an empty item of a list.
fn with(scope: &Value, name: &str) -> Value {
    let mut names: std::collections::BTreeMap<String, Value> = scope
        .try_iter()
        .into_iter()
        .flatten()
        .filter_map(|key| Some((key.to_string(), scope.get_item(&key).ok()?)))
        .collect();
    names.insert(name.to_owned(), Value::from(std::collections::BTreeMap::<String, Value>::new()));
    Value::from(names)
}
