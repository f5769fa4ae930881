//! What is wrong with a script, before a customer finds out: every mistake with its place, cause and mend.

use std::collections::BTreeSet;
use std::fmt;

use super::script::{Node, Script};

/// The most that the channel takes, in characters; a value, since the engine knows no channel.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub text: usize,
    pub options: usize,
    pub label: usize,
    pub description: usize,
    pub metadata: usize,
    pub buttons: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `nodes.menu.options[2].go`, or empty for the file as a whole.
    pub place: String,
    pub cause: String,
    pub mend: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{} {}", self.cause, self.mend)
    }
}

impl Mistake {
    pub(super) fn in_file(error: &str) -> Self {
        Self {
            place: String::new(),
            cause: format!("The file is not a script: {error}."),
            mend: "Correct that line.".to_owned(),
        }
    }
}

/// Every mistake of the script; empty when it can be published.
pub fn check(script: &Script, limits: &Limits) -> Vec<Mistake> {
    let mut found = Found::default();
    if script.version != 1 {
        found.add("version", format!("Version {} is not known.", script.version), "Write 'version: 1'.");
    }
    target(script, "start", &script.start, &mut found);
    target(script, "fallback", &script.fallback, &mut found);
    for (word, go) in &script.commands {
        let place = format!("commands.{word}");
        if word.trim().is_empty() {
            found.add(&place, "A command without a word.".to_owned(), "Give it the word that customers type.");
        }
        target(script, &place, go, &mut found);
    }
    for (name, node) in &script.nodes {
        check_node(script, name, node, limits, &mut found);
    }
    unreachable(script, &mut found);
    found.0
}

fn check_node(script: &Script, name: &str, node: &Node, limits: &Limits, found: &mut Found) {
    let place = format!("nodes.{name}");
    if name.is_empty() || name.contains('/') {
        found.add(&place, "A node's name is part of the ids of its options.".to_owned(), "Give it a name without '/'.");
    }
    if node.say.all().is_empty() || node.say.all().iter().any(|text| text.trim().is_empty()) {
        found.add(&place, "It says nothing.".to_owned(), "Give 'say' a text.");
    }
    for text in node.say.all() {
        found.too_long(&format!("{place}.say"), text, limits.text);
    }
    if node.options.is_empty() {
        found.add(
            &place,
            "There is no way on from here.".to_owned(),
            "Add options, for instance one back to the start.",
        );
    }
    if node.options.len() > limits.options {
        let cause = format!("{} options; X shows {} at most.", node.options.len(), limits.options);
        found.add(&place, cause, "Split them over two nodes.");
    }
    let described = node.options.iter().filter(|option| option.description.is_some()).count();
    if described != 0 && described != node.options.len() {
        found.add(&place, "Some options have a description and some have none.".to_owned(), "Describe all or none.");
    }
    check_buttons(&place, node, limits, found);
    let mut ids = BTreeSet::new();
    for (index, option) in node.options.iter().enumerate() {
        let place = format!("{place}.options[{index}]");
        if option.label.trim().is_empty() {
            found.add(&place, "An option without a label.".to_owned(), "Give it a label.");
        }
        if option.label.contains("://") {
            found.add(&place, "X refuses a link in a label.".to_owned(), "Put the link into the text.");
        }
        found.too_long(&format!("{place}.label"), &option.label, limits.label);
        found.too_long(
            &format!("{place}.description"),
            option.description.as_deref().unwrap_or_default(),
            limits.description,
        );
        found.too_long(&format!("{place}.id"), &format!("{name}/{}", option.id()), limits.metadata);
        target(script, &format!("{place}.go"), &option.go, found);
        if !ids.insert(option.id()) {
            let cause = format!("Two options of this node have the id '{}'.", option.id());
            found.add(&place, cause, "Give one of them an 'id' of its own.");
        }
    }
}

fn check_buttons(place: &str, node: &Node, limits: &Limits, found: &mut Found) {
    if node.buttons.len() > limits.buttons {
        let cause = format!("{} buttons; X shows {} at most.", node.buttons.len(), limits.buttons);
        found.add(place, cause, "Leave the least useful out.");
    }
    for (index, button) in node.buttons.iter().enumerate() {
        let place = format!("{place}.buttons[{index}]");
        if button.label.trim().is_empty() {
            found.add(&place, "A button without a label.".to_owned(), "Give it a label.");
        }
        found.too_long(&format!("{place}.label"), &button.label, limits.label);
        let host = button.url.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') || button.url.contains(char::is_whitespace) {
            found.add(
                &format!("{place}.url"),
                format!("'{}' is no https address.", button.url),
                "Write it whole: https://…",
            );
        }
    }
}

fn target(script: &Script, place: &str, go: &str, found: &mut Found) {
    if !script.nodes.contains_key(go) {
        found.add(place, format!("There is no node '{go}'."), "Name one of 'nodes', or add it.");
    }
}

fn unreachable(script: &Script, found: &mut Found) {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut ahead: Vec<&str> = vec![&script.start, &script.fallback];
    ahead.extend(script.commands.values().map(String::as_str));
    while let Some(name) = ahead.pop() {
        if reached.insert(name) {
            ahead.extend(script.nodes.get(name).iter().flat_map(|node| &node.options).map(|option| option.go.as_str()));
        }
    }
    for name in script.nodes.keys().filter(|name| !reached.contains(name.as_str())) {
        found.add(
            &format!("nodes.{name}"),
            "Nothing leads here.".to_owned(),
            "Add an option or a command that goes to it, or delete it.",
        );
    }
}

#[derive(Default)]
struct Found(Vec<Mistake>);

impl Found {
    fn add(&mut self, place: &str, cause: String, mend: &str) {
        self.0.push(Mistake { place: place.to_owned(), cause, mend: mend.to_owned() });
    }

    fn too_long(&mut self, place: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.add(place, format!("{length} characters; X takes {most} at most."), "Shorten it.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { text: 100, options: 2, label: 10, description: 12, metadata: 30, buttons: 1 };

    fn mistakes(yaml: &str) -> Vec<String> {
        match Script::read(yaml, &LIMITS) {
            Ok(_) => Vec::new(),
            Err(all) => all.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_sound_script_has_none() {
        let yaml =
            "{version: 1, name: a, start: s, fallback: s, nodes: {s: {say: hi, options: [{label: again, go: s}]}}}";
        assert_eq!(mistakes(yaml), Vec::<String>::new());
    }

    #[test]
    fn each_planted_mistake_is_found_with_its_place() {
        let yaml = r"
version: 2
name: a
start: nowhere
fallback: s
commands: { help: gone, '': s }
nodes:
  s:
    say: [hi, '']
    options:
      - { label: one, go: s, description: only this one has one }
      - { label: a label that is far too long, go: s }
      - { label: 'https://x.com', go: s, id: third }
  lonely:
    say: hm
    buttons: [{ label: '', url: 'http://example.com' }, { label: a label that is long, url: 'https://example.com' }]
";
        let found = mistakes(yaml).join("\n");
        for place in [
            "version: Version 2",
            "start: There is no node 'nowhere'",
            "commands.help: There is no node 'gone'",
            "commands.: A command without",
            "nodes.s: It says nothing",
            "nodes.s: 3 options",
            "nodes.s: Some options have a description",
            "nodes.s.options[0].description: 21 characters",
            "nodes.s.options[1].label: 28 characters",
            "nodes.s.options[1]: Two options of this node have the id 's'",
            "nodes.s.options[2]: X refuses a link",
            "nodes.lonely: There is no way on",
            "nodes.lonely: Nothing leads here",
            "nodes.lonely: 2 buttons",
            "nodes.lonely.buttons[0]: A button without a label",
            "nodes.lonely.buttons[0].url: 'http://example.com' is no https address",
            "nodes.lonely.buttons[1].label: 20 characters",
        ] {
            assert!(found.contains(place), "{place} is missing in:\n{found}");
        }
    }

    #[test]
    fn a_misspelt_field_is_named_with_its_line() {
        let found = mistakes("version: 1\nname: a\nstart: s\nfallback: s\nnodes:\n  s:\n    sya: hi\n").join("\n");
        assert!(found.contains("sya") && found.contains('7'), "{found}");
    }
}
