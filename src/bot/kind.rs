//! What an answer looks like: the kinds that a question and a captured word can have.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an answer looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Anything that is not empty.
    #[default]
    Text,
    /// One word.
    Word,
    /// A whole number: `12`, `-3`.
    Int,
    /// A number: `12`, `1.5`, `1,5`.
    Number,
    /// An address of e-mail.
    Email,
    /// A date: `2026-11-23`.
    Date,
    /// Yes or no; the variable is true or false.
    YesNo,
}

const NAMES: &[(&str, Kind)] = &[
    ("text", Kind::Text),
    ("word", Kind::Word),
    ("int", Kind::Int),
    ("number", Kind::Number),
    ("email", Kind::Email),
    ("date", Kind::Date),
    ("yes_no", Kind::YesNo),
];
const YES: &[&str] = &["yes", "y", "yeah", "yep", "ok", "okay", "sure", "true", "correct", "right"];
const NO: &[&str] = &["no", "n", "nope", "nah", "false"];

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The names, for an error.
    pub fn names() -> String {
        let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// What is read as this kind stays a text.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Int | Self::Number | Self::YesNo)
    }

    /// What the words say, if they are of this kind.
    pub fn read(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self {
            _ if text.is_empty() => None,
            Self::Text => Some(text.into()),
            Self::Word => (!text.contains(char::is_whitespace)).then(|| text.into()),
            Self::Int => integer(text).map(Value::from),
            Self::Number => number(text),
            Self::Email => is_email(text).then(|| text.into()),
            Self::Date => is_date(text).then(|| text.into()),
            Self::YesNo => {
                let word = text.trim_end_matches(['.', '!']).to_lowercase();
                let is = |words: &[&str]| words.contains(&word.as_str());
                if is(YES) { Some(true.into()) } else { is(NO).then(|| false.into()) }
            }
        }
    }
}

/// Ten digits at most: numbers stay exact wherever they go.
fn integer(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches(['-', '+']);
    let plain = !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn number(text: &str) -> Option<Value> {
    if let Some(whole) = integer(text) {
        return Some(whole.into());
    }
    // Some write a thousand so, and some a thousandth: whoever did is asked again.
    let is_either = |whole: &str, rest: &str| rest.len() == 3 && whole.trim_start_matches(['-', '+']) != "0";
    if text.split_once(',').is_some_and(|(whole, rest)| is_either(whole, rest)) {
        return None;
    }
    let text = text.replacen(',', ".", 1);
    let plain = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit() || b".-+".contains(&byte));
    let value: f64 = text.parse().ok().filter(|_| plain)?;
    serde_json::Number::from_f64(value).map(Value::Number)
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace) && !part.contains('@');
    plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= 254
}

fn is_date(text: &str) -> bool {
    let is_shaped = text.bytes().zip(0..).all(|(byte, at)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = parts.as_slice() else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    is_shaped && text.len() == 10 && (1..=longest).contains(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_read_as_its_kind_or_not_at_all() {
        for (kind, text, value) in [
            (Kind::Text, " Grand Hotel ", Some(json!("Grand Hotel"))),
            (Kind::Text, "  ", None),
            (Kind::Word, "blue", Some(json!("blue"))),
            (Kind::Word, "dark blue", None),
            (Kind::Int, "12", Some(json!(12))),
            (Kind::Number, "1,000", None),
            (Kind::Number, "0,125", Some(json!(0.125))),
            (Kind::Int, "-3", Some(json!(-3))),
            (Kind::Int, "1.5", None),
            (Kind::Int, "99999999999", None),
            (Kind::Number, "1,5", Some(json!(1.5))),
            (Kind::Number, "inf", None),
            (Kind::Number, "1e9", None),
            (Kind::Email, "ada@example.com", Some(json!("ada@example.com"))),
            (Kind::Email, "ada@example", None),
            (Kind::Email, "ada lovelace@example.com", None),
            (Kind::Date, "2028-02-29", Some(json!("2028-02-29"))),
            (Kind::Date, "2027-02-29", None),
            (Kind::Date, "2027-2-9", None),
            (Kind::Date, "+026-11-23", None),
            (Kind::Date, "2026-1-023", None),
            (Kind::YesNo, "Yes!", Some(json!(true))),
            (Kind::YesNo, "nope", Some(json!(false))),
            (Kind::YesNo, "perhaps", None),
        ] {
            assert_eq!(kind.read(text), value, "{kind:?} {text}");
        }
    }
}
