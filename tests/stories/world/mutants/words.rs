//! The words of a statement, each with its place in the text and how deep it stands in parentheses.

#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    pub from: usize,
    pub to: usize,
    /// A parenthesis, and a CASE, stands outside of what is within it.
    pub depth: usize,
}

const PAIRS: [&str; 6] = ["<=", ">=", "<>", "||", "->", "!="];

impl Word<'_> {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub fn is_one_of(&self, texts: &[&str]) -> bool {
        texts.contains(&self.text)
    }
}

pub fn words(sql: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    while let Some(rest) = sql.get(from..).filter(|rest| !rest.is_empty()) {
        let length = length(rest);
        let text = &rest[..length];
        if !text.trim().is_empty() {
            if matches!(text, ")" | "END") {
                depth = depth.saturating_sub(1);
            }
            words.push(Word { text, from, to: from + length, depth });
            if matches!(text, "(" | "CASE") {
                depth += 1;
            }
        }
        from += length;
    }
    words
}

/// How far the first word goes.
fn length(rest: &str) -> usize {
    let first = rest.chars().next().unwrap_or(' ');
    let end = |is_within: &dyn Fn(char) -> bool| rest.find(|c| !is_within(c)).unwrap_or(rest.len());
    if first == '\'' {
        return rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
    }
    if first.is_whitespace() {
        return end(&char::is_whitespace);
    }
    // A column of a table is one word.
    if first.is_alphanumeric() || matches!(first, '_' | '?') {
        return end(&|c| c.is_alphanumeric() || matches!(c, '_' | '?' | '.'));
    }
    if rest.starts_with("->>") {
        return 3;
    }
    if PAIRS.iter().any(|pair| rest.starts_with(pair)) { 2 } else { first.len_utf8() }
}
