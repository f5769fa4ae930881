//! Commands that capture: `t{team:int} h{hole:int}` reads `T6, h12`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::kind::Kind;

/// A command taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Lower case, without white space.
    Word(String),
    Space,
    Capture {
        name: String,
        kind: Kind,
    },
}

impl Pattern {
    pub fn read(command: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = command.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('{') {
                let (inside, after) = inside.split_once('}').ok_or("a '{' is never closed")?;
                if matches!(parts.last(), Some(Part::Capture { .. })) {
                    return Err("two captures follow each other with nothing between them".to_owned());
                }
                parts.push(capture(inside)?);
                rest = after;
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                let (literal, after) = rest.split_at(end);
                add_words(&mut parts, literal);
                rest = after;
            }
        }
        if parts.is_empty() { Err("it has no word".to_owned()) } else { Ok(Self { parts }) }
    }

    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Capture { name, .. } => Some(name.as_str()),
            Part::Word(_) | Part::Space => None,
        })
    }

    /// How many of its captures take whatever is written.
    pub fn texts(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Capture { kind: Kind::Text, .. })).count()
    }

    /// What the typed words say, if they follow the pattern to the end. Commas count as white space, case does not count.
    pub fn read_from(&self, typed: &str) -> Option<BTreeMap<String, Value>> {
        let typed = typed.trim().trim_end_matches(['.', '!', '?', ',']);
        let mut followed = Followed { typed, found: BTreeMap::new(), in_vain: BTreeSet::new() };
        followed.follow(&self.parts, 0).then_some(followed.found)
    }
}

/// The names that a command captures, each with its kind's; none of one that cannot be read.
pub fn captures_of(command: &str) -> Vec<(&str, &str)> {
    let inside = command.split('{').skip(1).filter_map(|after| after.split('}').next());
    inside.map(name_and_kind).filter(|(name, _)| !name.is_empty()).collect()
}

fn name_and_kind(inside: &str) -> (&str, &str) {
    let (name, kind) = inside.split_once(':').unwrap_or((inside, "word"));
    (name.trim(), kind.trim())
}

fn capture(inside: &str) -> Result<Part, String> {
    let (name, kind) = name_and_kind(inside);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!("'{{{inside}}}' has no name of letters, digits and '_'"));
    }
    let kind = Kind::named(kind).ok_or_else(|| format!("there is no kind '{kind}'; there are {}", Kind::names()))?;
    Ok(Part::Capture { name: name.to_owned(), kind })
}

fn add_words(parts: &mut Vec<Part>, literal: &str) {
    let (starts, ends) = (literal.starts_with(char::is_whitespace), literal.ends_with(char::is_whitespace));
    for (index, word) in literal.split_whitespace().enumerate() {
        if index > 0 || starts {
            parts.push(Part::Space);
        }
        parts.push(Part::Word(word.to_lowercase()));
    }
    if ends {
        parts.push(Part::Space);
    }
}

/// How far the typed words were followed.
struct Followed<'t> {
    typed: &'t str,
    found: BTreeMap<String, Value>,
    /// Parts left and places that came to nothing: every way there would, so that several captures in one command do not
    /// try each place of each with each place of the others.
    in_vain: BTreeSet<(usize, usize)>,
}

impl Followed<'_> {
    /// From the byte `at` on.
    fn follow(&mut self, parts: &[Part], at: usize) -> bool {
        let rest = self.typed.get(at..).unwrap_or_default();
        let Some((part, after)) = parts.split_first() else { return rest.is_empty() };
        match part {
            Part::Space => {
                let next = self.behind_gap(at);
                // Between a letter and what it counts the gap may be missing: `t6h12`.
                (next > at || !self.is_within_word(at)) && self.follow(after, next)
            }
            Part::Word(word) => strip(rest, word).is_some_and(|rest| self.follow(after, self.typed.len() - rest.len())),
            Part::Capture { name, kind } => {
                let at = self.behind_gap(at);
                let rest = self.typed.get(at..).unwrap_or_default();
                // The longest that fits, so that `{text}` takes the rest of a sentence and `{int}` all digits.
                ends(rest, *kind).any(|length| {
                    let here = (after.len(), at + length);
                    if self.in_vain.contains(&here) {
                        return false;
                    }
                    let Some(value) = rest.get(..length).and_then(|words| kind.read(words)) else { return false };
                    let fits = self.follow(after, at + length);
                    if fits {
                        self.found.insert(name.clone(), value);
                    } else {
                        self.in_vain.insert(here);
                    }
                    fits
                })
            }
        }
    }

    fn behind_gap(&self, at: usize) -> usize {
        let rest = self.typed.get(at..).unwrap_or_default();
        self.typed.len() - rest.trim_start_matches(is_gap).len()
    }

    /// Two letters, or two digits, stand beside each other there.
    fn is_within_word(&self, at: usize) -> bool {
        let Some((before, after)) = self.typed.split_at_checked(at) else { return false };
        before.chars().next_back().zip(after.chars().next()).is_some_and(|(one, other)| {
            one.is_alphabetic() && other.is_alphabetic() || one.is_numeric() && other.is_numeric()
        })
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// Where a capture may end, the farthest first.
fn ends(typed: &str, kind: Kind) -> impl Iterator<Item = usize> {
    let number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+');
    let limit = match kind {
        Kind::Text => None,
        Kind::Int => typed.find(|c| !number(c)),
        Kind::Number => typed.find(|c| !number(c) && !matches!(c, '.' | ',')),
        _ => typed.find(is_gap),
    };
    let limit = limit.unwrap_or(typed.len());
    // A capture of any length could end anywhere; a few hundred places are enough for what a person types, and the end.
    let places = typed.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= limit);
    let is_open = |end: &usize| kind == Kind::Number && typed.get(..*end).is_some_and(|taken| taken.ends_with(','));
    let mut ends: Vec<usize> = places.filter(|end| !is_open(end)).take(300).collect();
    ends.extend(ends.last().is_some_and(|end| *end < limit && kind == Kind::Text).then_some(limit));
    ends.into_iter().rev()
}

/// The rest behind a word, whatever its case.
fn strip<'t>(typed: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = typed.chars();
    for wanted in word.chars() {
        if !rest.next()?.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reads(command: &str, typed: &str) -> Option<Value> {
        Pattern::read(command).unwrap().read_from(typed).map(|found| json!(found))
    }

    #[test]
    fn a_score_is_read_however_it_is_typed() {
        let expected = Some(json!({"team": 6, "hole": 12, "strokes": 4}));
        for typed in ["t6 h12 s4", "T6 H12 S4", "t6, h12, s4", "t 6 h 12 s 4", "t6h12s4", " t6  h12 s4. "] {
            assert_eq!(reads("t{team:int} h{hole:int} s{strokes:int}", typed), expected, "{typed}");
        }
        for typed in ["t6 h12", "t6 h12 s4 s5", "t6 h12 sx", "team 6", ""] {
            assert_eq!(reads("t{team:int} h{hole:int} s{strokes:int}", typed), None, "{typed}");
        }
    }

    #[test]
    fn a_text_takes_the_rest_and_stops_at_what_follows() {
        assert_eq!(
            reads("search {what:text}", "Search deep powder, please"),
            Some(json!({"what": "deep powder, please"}))
        );
        assert_eq!(
            reads("from {a:text} to {b:text}", "from Upper Dell to Low Field"),
            Some(json!({"a": "Upper Dell", "b": "Low Field"}))
        );
        assert_eq!(reads("order {id}", "order AB-12"), Some(json!({"id": "AB-12"})));
        assert_eq!(
            reads("alert {where:text} {cm:int}", "alert Corrie Mor 140"),
            Some(json!({"where": "Corrie Mor", "cm": 140}))
        );
        assert_eq!(reads("alert {where:text} {cm:int}", "alert 140"), None, "a number is not taken apart");
        assert_eq!(reads("say {what:text} twice", "say ittwice"), None, "nor is a word");
    }

    #[test]
    fn a_number_may_have_a_comma_and_a_text_any_length() {
        assert_eq!(
            reads("pay {amount:number} {what:text}", "pay 1,50 rent"),
            Some(json!({"amount": 1.5, "what": "rent"}))
        );
        assert_eq!(reads("pay {amount:number}", "pay 1,50"), Some(json!({"amount": 1.5})));
        assert_eq!(reads("pay {amount:number} {what:text}", "pay 2, rent"), Some(json!({"amount": 2, "what": "rent"})));
        let what = "a ".repeat(500) + "b";
        assert_eq!(reads("complain {what:text}", &format!("complain {what}")), Some(json!({"what": what})));
    }

    #[test]
    fn a_pattern_that_cannot_be_read_says_why() {
        for (command, why) in [
            ("", "no word"),
            ("t{team", "never closed"),
            ("t{team:float}", "no kind 'float'"),
            ("{a}{b}", "follow each other"),
            ("{:int}", "no name"),
        ] {
            assert!(Pattern::read(command).unwrap_err().contains(why), "{command}");
        }
    }

    #[test]
    fn a_long_message_does_not_keep_a_pattern_busy() {
        let typed = "a ".repeat(5_000);
        assert_eq!(reads("a {x:text} a {y:text} b", &typed), None);
        // Each further capture would make it three hundred times as long.
        assert_eq!(reads("{u:text} {v:text} {w:text} {x:text} {y:text} b", &typed), None);
    }
}
