//! What a customer's words mean: an option tapped, typed or numbered, a command, an answer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::consent::{self, Wish, is_among};
use super::kind::Kind;
use super::offers::{self, Chosen};
use super::pattern::Pattern;
use super::scope::Scope;
use super::script::{Ask, Script};
use super::state::{Asking, Offer, State};

/// What the words mean.
#[derive(Clone, Debug)]
pub enum Meaning<'s> {
    OptOut,
    OptIn,
    /// An option of ours, with the values that it sets.
    Chosen(Chosen<'s>),
    /// More of a long list.
    Page {
        node: &'s str,
        page: usize,
    },
    Command {
        go: &'s str,
        captured: BTreeMap<String, Value>,
    },
    /// The last answer was wrong: its question again.
    Correct {
        node: &'s str,
    },
    Answer {
        ask: &'s Ask,
        value: Value,
    },
    /// Not what was asked for.
    Unfit {
        ask: &'s Ask,
    },
    /// The question whether the answer was right.
    Confirm {
        ask: &'s Ask,
        right: bool,
    },
    Unknown,
}

/// The ids, within a node, of yes and no.
pub const YES: &str = "yes";
pub const NO: &str = "no";

pub fn meaning<'s>(script: &'s Script, state: &State, text: &str, option: Option<&str>, scope: &Scope) -> Meaning<'s> {
    let (typed, said) = (normalise(text), folded(text));
    match consent::of(script, text, option) {
        Some(Wish::Silence) => return Meaning::OptOut,
        Some(Wish::Words) if state.opted_out => return Meaning::OptIn,
        _ if state.opted_out => return Meaning::Unknown,
        _ => {}
    }
    let asking = state.asking.as_ref().and_then(|asking| {
        let ask = script.nodes.get(&asking.node)?.ask.as_ref()?;
        Some((asking, ask))
    });
    let by_id =
        |id: &str| by_id(script, state, id, scope, asking.as_ref().map(|(asking, ask)| (asking.node.as_str(), *ask)));
    // A tapped option of a version of the script that is gone is read by its label, which X sends as the text.
    if let Some(meaning) = option.and_then(by_id) {
        return meaning;
    }
    let labelled = state.offered.iter().find_map(|offer| {
        let meaning = || by_id(&offer.id);
        if normalise(&offer.label) == typed || folded(&offer.label) == said {
            return meaning();
        }
        meaning().filter(|meaning| matches!(meaning, Meaning::Chosen(chosen) if is_among(&chosen.option.words, text)))
    });
    if let Some(meaning) = labelled.or_else(|| command(script, &said)) {
        return meaning;
    }
    // Said where X refused an answer, too: not among what was offered last.
    if folded(&script.start_over) == said {
        return Meaning::Command { go: &script.start, captured: BTreeMap::new() };
    }
    if let Some(meaning) = asking.and_then(|(asking, ask)| yes_or_no(script, asking, ask, text, &said)) {
        return meaning;
    }
    if is_among(&script.correct.words, text)
        && let Some(node) = state.answered.iter().rev().find_map(|node| script.nodes.get_key_value(node))
    {
        return Meaning::Correct { node: node.0 };
    }
    if let Some((_, ask)) = asking
        && let Some(value) = answer(ask, text)
    {
        return Meaning::Answer { ask, value };
    }
    let numbered = || numbered(&typed).and_then(|index| state.offered.get(index)).and_then(|offer| by_id(&offer.id));
    let nearly = || nearly(state, text).and_then(by_id);
    numbered().or_else(|| pattern(script, text)).or_else(nearly).unwrap_or(match asking {
        Some((_, ask)) => Meaning::Unfit { ask },
        None => Meaning::Unknown,
    })
}

/// Where yes or no is asked for, both come before the words that take an answer back: "correct" says yes there.
fn yes_or_no<'s>(script: &Script, asking: &Asking, ask: &'s Ask, text: &str, said: &str) -> Option<Meaning<'s>> {
    if !asking.confirming {
        return Kind::YesNo.read(text).filter(|_| ask.kind == Kind::YesNo).map(|value| Meaning::Answer { ask, value });
    }
    // Whatever else is said with it may be another answer.
    let bare = [" please", " thanks", " thank you"].iter().find_map(|word| said.strip_suffix(word)).unwrap_or(said);
    let right = match Kind::YesNo.read(bare) {
        Some(Value::Bool(right)) => right,
        _ if is_among(&script.correct.words, text) => false,
        _ => return None,
    };
    Some(Meaning::Confirm { ask, right })
}

/// The id of the option that a customer is offered who said stop.
pub const OPT_IN: &str = "everywhere/opt-in";

fn by_id<'s>(
    script: &'s Script,
    state: &State,
    id: &str,
    scope: &Scope,
    asking: Option<(&str, &'s Ask)>,
) -> Option<Meaning<'s>> {
    if let Some((node, ask)) = asking {
        let (place, end) = id.split_once('/')?;
        if place == node && ask.confirm.is_some() && (end == YES || end == NO) {
            return Some(Meaning::Confirm { ask, right: end == YES });
        }
    }
    if let Some((node, page)) = offers::page(id) {
        let (node, _) = script.nodes.get_key_value(node)?;
        return Some(Meaning::Page { node, page });
    }
    if id == START_OVER {
        return Some(Meaning::Command { go: &script.start, captured: BTreeMap::new() });
    }
    offers::chosen(script, id, scope, state).map(Meaning::Chosen)
}

/// The id of the way on that is offered where a node happens to have none.
pub const START_OVER: &str = "everywhere/start-over";

fn command<'s>(script: &'s Script, said: &str) -> Option<Meaning<'s>> {
    let plain = script.commands.iter().filter(|(command, _)| !command.contains('{'));
    let (_, go) = plain.into_iter().find(|(word, _)| folded(word) == said)?;
    Some(Meaning::Command { go, captured: BTreeMap::new() })
}

fn pattern<'s>(script: &'s Script, text: &str) -> Option<Meaning<'s>> {
    let capturing = script.commands.iter().filter(|(command, _)| command.contains('{'));
    let fitting = capturing.filter_map(|(command, go)| {
        let pattern = Pattern::read(command).ok()?;
        Some((pattern.texts(), go, pattern.read_from(text)?))
    });
    // Whatever is written fits a text: what asks for less of it is meant.
    fitting.min_by_key(|(texts, ..)| *texts).map(|(_, go, captured)| Meaning::Command { go, captured })
}

/// The answer, if it is one.
pub fn answer(ask: &Ask, text: &str) -> Option<Value> {
    let value = ask.kind.read(text)?;
    #[allow(clippy::cast_precision_loss)] // a length that a person types
    let size = match &value {
        Value::String(text) => Some(text.chars().count() as f64),
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    let fits = size.is_none_or(|size| ask.min.is_none_or(|min| size >= min) && ask.max.is_none_or(|max| size <= max));
    fits.then_some(value)
}

/// `2`, `2.` or `2)` as the index of the second option.
fn numbered(typed: &str) -> Option<usize> {
    typed.trim_end_matches(['.', ')']).parse::<usize>().ok()?.checked_sub(1)
}

/// The id of the one option whose label is this but for one letter. Short words are too near to each other.
fn nearly<'s>(state: &'s State, text: &str) -> Option<&'s str> {
    let typed = letters(text);
    if typed.chars().count() < SHORTEST_WITH_A_SLIP {
        return None;
    }
    // Another digit is another number, and no slip.
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    let is_near = |offer: &&Offer| {
        let label = letters(&offer.label);
        digits(&label) == digits(&typed) && strsim::osa_distance(&label, &typed) <= 1
    };
    let mut near = state.offered.iter().filter(is_near);
    near.next().filter(|_| near.next().is_none()).map(|offer| offer.id.as_str())
}

const SHORTEST_WITH_A_SLIP: usize = 4;

/// `snow report` for `❄ Snow report`: nobody types a picture. What has no letters is compared as it stands.
pub fn folded(text: &str) -> String {
    Some(letters(text)).filter(|letters| !letters.is_empty()).unwrap_or_else(|| normalise(text))
}

fn letters(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Case, outer punctuation and white space do not matter in what is typed.
pub fn normalise(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let joined = words.join(" ");
    let bare = joined.trim_matches(|c: char| c.is_ascii_punctuation() && !matches!(c, '.' | ')'));
    let bare = if bare.chars().any(char::is_alphabetic) { bare.trim_end_matches(['.', ')']) } else { bare };
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::bot::tests::Talk;

    const SCRIPT: &str = r#"
version: 1
name: desk
start: menu
fallback: lost
commands:
  { help: help, check-in: arrived, "what's new": news, "find {all:text}": found, "find {number:int}": counted }
everywhere: [{ label: Menu, id: menu, go: menu }]
nodes:
  menu: { say: Hello. }
  help: { say: Help. }
  arrived: { say: Arrived. }
  news: { say: News. }
  found: { say: "All of {{ all }}." }
  counted: { say: "Number {{ number }}." }
  lost: { say: What? }
"#;

    #[test]
    fn a_command_is_read_by_its_letters() {
        let mut talk = Talk::with(SCRIPT);
        talk.says("hi");
        for (typed, said) in [
            ("help", "Help."),
            ("HELP!", "Help."),
            ("help 🙂", "Help."),
            ("“help”", "Help."),
            ("check in", "Arrived."),
            ("Check-in.", "Arrived."),
            ("What’s new?", "News."),
            ("helpless", "What?"),
        ] {
            assert_eq!(talk.says(typed).text(), said, "{typed}");
        }
    }

    #[test]
    fn of_two_commands_that_capture_the_one_with_fewer_texts_counts() {
        let mut talk = Talk::with(SCRIPT);
        assert_eq!(talk.says("find 7").text(), "Number 7.");
        assert_eq!(talk.says("find seven").text(), "All of seven.");
    }
}
