//! What is wrong with a script, before a customer finds out: every mistake with its place, cause and mend.

mod account;
mod compared;
mod flow;
mod nodes;
mod options;
mod templates;

use std::fmt;

use self::options::is_fixed;
use super::message::Target;
use super::script::Script;

/// The most that the channel takes, in characters; a value, since the engine knows no channel.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub text: usize,
    pub options: usize,
    pub label: usize,
    pub description: usize,
    pub metadata: usize,
    pub buttons: usize,
    /// Of a public post, counted by `weight`.
    pub post: usize,
    pub weight: fn(&str) -> usize,
    /// Where a button leads, as the channel opens it.
    pub link: fn(&Target) -> String,
    /// Of a welcome message's text.
    pub welcome: usize,
    /// Of a welcome message's name.
    pub welcome_name: usize,
    /// Of a profile's name.
    pub profile_name: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mistake {
    /// Where: `nodes.menu.options[2].go`, or empty for the file as a whole.
    pub place: String,
    pub cause: String,
    pub mend: String,
}

impl Limits {
    /// So large that nothing exceeds them.
    pub const NONE: Self = Self {
        text: usize::MAX,
        options: usize::MAX,
        label: usize::MAX,
        description: usize::MAX,
        metadata: usize::MAX,
        buttons: usize::MAX,
        post: usize::MAX,
        weight: characters,
        link: |_| String::new(),
        welcome: usize::MAX,
        welcome_name: usize::MAX,
        profile_name: usize::MAX,
    };
}

pub fn characters(text: &str) -> usize {
    text.chars().count()
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{} {}", self.cause, self.mend)
    }
}

/// Every mistake of the script; empty when it can be published.
pub fn check(script: &Script, limits: &Limits) -> Vec<Mistake> {
    let mut found = Found::default();
    if script.version != 1 {
        found.add("version", format!("Version {} is not known.", script.version), "Write 'version: 1'.");
    }
    if script.nodes.len() > MOST_NODES {
        let cause = format!("{} nodes; a script has {MOST_NODES} at most.", script.nodes.len());
        found.add("nodes", cause, "Make lists of what repeats itself: 'each' below options.");
        return found.0;
    }
    account::check(script, limits, &mut found);
    nodes::check(script, limits, &mut found);
    flow::check(script, &mut found);
    templates::check(script, &mut found);
    found.0
}

/// Enough for any bot that people wrote, and checked within a second.
const MOST_NODES: usize = 20_000;

#[derive(Default)]
struct Found(Vec<Mistake>);

impl Found {
    fn add(&mut self, place: &str, cause: impl Into<String>, mend: &str) {
        self.0.push(Mistake { place: place.to_owned(), cause: cause.into(), mend: mend.to_owned() });
    }

    fn too_long(&mut self, place: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.add(place, format!("{length} characters; X takes {most} at most."), "Shorten it.");
        }
    }

    /// The node that something leads to.
    fn target(&mut self, script: &Script, place: &str, go: &str) {
        if !script.nodes.contains_key(go) {
            let near = nearest(go, script.nodes.keys().map(String::as_str));
            let mend =
                near.map_or_else(|| "Name one of 'nodes', or add it.".to_owned(), |near| format!("Is it '{near}'?"));
            self.add(place, format!("There is no node '{go}'."), &mend);
        }
    }

    /// The profile that is named at this place.
    fn profile(&mut self, script: &Script, place: &str, profile: Option<&String>) {
        if let Some(name) = profile.filter(|name| !script.profiles.contains_key(*name)) {
            self.add(place, format!("There is no profile '{name}'."), "Name one of 'profiles', or add it.");
        }
    }

    /// What is said as it stands.
    fn without_templates(&mut self, place: &str, text: &str) {
        if !is_fixed(text) {
            self.add(place, "It is said as it stands: it has no templates.", "Write it out.");
        }
    }
}

/// A name that differs by a slip of the finger.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let close = known.filter(|each| each.len().abs_diff(name.len()) <= 2).map(|each| (distance(name, each), each));
    close.filter(|(distance, _)| *distance <= 2).min().map(|(_, each)| each)
}

/// Letters to add, leave out or change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (above + 1).min(left + 1).min(diagonal + usize::from(x != *y));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod planted;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_tests;
