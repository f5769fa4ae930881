//! The mutants of a statement: the same with one thing left out, or turned round.

use super::words::{Word, words};

/// The text from `from` to `to` reads `with` otherwise.
pub struct Cut {
    pub from: usize,
    pub to: usize,
    pub with: String,
    pub what: String,
}

const OPENS: [&str; 4] = ["WHERE", "ON", "WHEN", "SET"];
const ENDS: [&str; 14] = [
    "WHERE",
    "ORDER",
    "LIMIT",
    "RETURNING",
    "GROUP",
    "THEN",
    "UNION",
    "LEFT",
    "JOIN",
    "ON",
    "SET",
    "FROM",
    "ELSE",
    "WHEN",
];
const TURNED: [(&str, &str); 7] =
    [("<=", ">"), (">=", "<"), ("<", ">="), (">", "<="), ("<>", "="), ("MIN", "MAX"), ("MAX", "MIN")];

pub fn cuts(sql: &str) -> Vec<Cut> {
    let words = words(sql);
    let mut cuts = Vec::new();
    inserts(sql, &words, &mut cuts);
    for place in 0..words.len() {
        turned(sql, &words, place, &mut cuts);
        if opens(&words, place) {
            let inside = &words[place + 1..end(&words, place)];
            if words[place].is("SET") {
                assignments(sql, inside, &mut cuts);
            } else {
                conditions(sql, inside, &mut cuts);
            }
        }
        if words[place].is("BY") {
            orders(sql, &words[place + 1..end(&words, place)], &mut cuts);
        }
    }
    cuts
}

/// Whether a condition or a list of assignments begins behind this word.
fn opens(words: &[Word<'_>], place: usize) -> bool {
    let next_is = |text| words.get(place + 1).is_some_and(|word| word.is(text));
    if words[place].is("(") {
        let inside = &words[place + 1..end(words, place)];
        return !next_is("SELECT")
            && inside.iter().any(|word| word.depth == words[place].depth + 1 && word.is_one_of(&["AND", "OR"]));
    }
    words[place].is_one_of(&OPENS) && !next_is("CONFLICT")
}

/// Where what begins behind this word is over.
fn end(words: &[Word<'_>], place: usize) -> usize {
    let opener = words[place];
    let depth = if opener.is("(") { opener.depth + 1 } else { opener.depth };
    let is_over = |word: &Word<'_>| word.depth < depth || word.depth == depth && word.is_one_of(&ENDS);
    words[place + 1..].iter().position(is_over).map_or(words.len(), |count| place + 1 + count)
}

fn conditions(sql: &str, inside: &[Word<'_>], cuts: &mut Vec<Cut>) {
    let either = split(inside, "OR");
    for one in &either {
        if either.len() > 1 {
            cuts.push(cut(sql, one, "0", "never"));
        }
        let all = split(one, "AND");
        if all.len() > 1 || either.len() == 1 {
            // `WHERE true` is SQLite's own way to tell a JOIN from an ON CONFLICT.
            let all = all.iter().filter(|one| !one[0].is("true"));
            cuts.extend(all.map(|one| cut(sql, one, "1", "without")));
        }
    }
}

fn assignments(sql: &str, inside: &[Word<'_>], cuts: &mut Vec<Cut>) {
    for one in split(inside, ",") {
        let column = one[0].text;
        cuts.push(cut(sql, one, &format!("{column} = {column}"), "does not set"));
    }
}

fn orders(sql: &str, inside: &[Word<'_>], cuts: &mut Vec<Cut>) {
    for one in split(inside, ",") {
        let said = text(sql, one);
        let turned = said.strip_suffix(" DESC").map_or_else(|| format!("{said} DESC"), str::to_owned);
        cuts.push(cut(sql, one, &turned, "turned: by"));
    }
}

fn inserts(sql: &str, words: &[Word<'_>], cuts: &mut Vec<Cut>) {
    let Some(into) = words.iter().position(|word| word.is("INTO")) else { return };
    let into = words[into];
    match words.windows(2).position(|pair| pair[0].is("ON") && pair[1].is("CONFLICT")) {
        Some(place) if sql.contains("DO NOTHING") => {
            let over =
                words[place..].iter().position(|word| word.is("RETURNING")).map_or(words.len(), |count| place + count);
            cuts.push(cut(sql, &words[place..over], "", "without"));
        }
        Some(_) => {}
        None => {
            for other in ["OR REPLACE INTO", "OR IGNORE INTO"] {
                cuts.push(Cut {
                    from: into.from,
                    to: into.to,
                    with: other.to_owned(),
                    what: format!("INSERT {other}"),
                });
            }
        }
    }
}

/// One word that is turned round.
fn turned(sql: &str, words: &[Word<'_>], place: usize, cuts: &mut Vec<Cut>) {
    let word = words[place];
    let before = place.checked_sub(1).map(|place| words[place]);
    let next = words.get(place + 1);
    let is_after = |text| before.is_some_and(|before| before.is(text));
    let is_next = |text| next.is_some_and(|next| next.is(text));
    let with = match word.text {
        "IN" if is_after("NOT") => Some("IN"),
        "IN" => Some("NOT IN"),
        "EXISTS" if !is_after("NOT") => Some("NOT EXISTS"),
        "NOT" if is_next("EXISTS") => Some(""),
        "IS" if is_next("NULL") => Some("IS NOT"),
        "NOT" if is_after("IS") => Some(""),
        "+" if is_next("1") => Some("+ 0 *"),
        "-" if is_next("1") => Some("- 0 *"),
        text => TURNED.iter().find(|(from, _)| *from == text).map(|(_, to)| *to),
    };
    if let Some(with) = with {
        let around = &words[place.saturating_sub(2)..(place + 4).min(words.len())];
        let what = format!("{} -> {}: {}", word.text, with, text(sql, around));
        // `NOT IN` becomes `IN`.
        let from =
            if word.is("IN") && is_after("NOT") { before.map_or(word.from, |before| before.from) } else { word.from };
        cuts.push(Cut { from, to: word.to, with: with.to_owned(), what });
    }
}

fn split<'a, 'b>(words: &'b [Word<'a>], at: &str) -> Vec<&'b [Word<'a>]> {
    let depth = words.iter().map(|word| word.depth).min().unwrap_or_default();
    words.split(|word| word.depth == depth && word.is(at)).filter(|part| !part.is_empty()).collect()
}

fn cut(sql: &str, words: &[Word<'_>], with: &str, what: &str) -> Cut {
    let (from, to) = (words[0].from, words[words.len() - 1].to);
    Cut { from, to, with: with.to_owned(), what: format!("{what} {}", text(sql, words)) }
}

/// What stands there, on one line.
fn text(sql: &str, words: &[Word<'_>]) -> String {
    let said = &sql[words[0].from..words[words.len() - 1].to];
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}
