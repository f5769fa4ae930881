//! Pages of a list, newest first: `count` and `cursor` in, `next_cursor` out.

use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Call;
use crate::answer::Refusal;

/// The part of a list that a call asks for.
pub(super) struct Page {
    count: usize,
    /// What the cursor is called: one list's are nothing to another's that calls them otherwise.
    cursor: &'static str,
    /// Ids below this one.
    before: u64,
}

impl Page {
    pub fn asked(call: &Call<'_>) -> Result<Self, Refusal> {
        Self::read(call, ("count", 1..=50, 20), "cursor").map_err(|why| Refusal::saying(214, why))
    }

    /// By other names: that of the length with what is allowed and what is usual, and that of the cursor.
    pub fn read(
        call: &Call<'_>,
        (length, allowed, usual): (&str, RangeInclusive<usize>, usize),
        cursor: &'static str,
    ) -> Result<Self, String> {
        let wrong = || format!("{length}: must be between {} and {}", allowed.start(), allowed.end());
        let count = call.parameters.get(length).map(|count| count.parse().ok().filter(|count| allowed.contains(count)));
        let count = count.map_or(Ok(usual), |count| count.ok_or_else(wrong))?;
        let at = call.parameters.get(cursor).filter(|at| !at.is_empty());
        let before = at.map(|at| position(cursor, at).ok_or_else(|| format!("{cursor}: is not valid")));
        Ok(Self { count, cursor, before: before.transpose()?.unwrap_or(u64::MAX) })
    }

    /// What is on it, and the cursor of the next one while there is more.
    pub fn of<'a, T>(&self, all: impl Iterator<Item = &'a T>, id: impl Fn(&T) -> &str) -> (Vec<&'a T>, Option<String>) {
        let number = |item: &T| id(item).parse::<u64>().unwrap_or_default();
        let mut here: Vec<&T> = all.filter(|item| number(item) < self.before).collect();
        here.sort_by_key(|item| std::cmp::Reverse(number(item)));
        let more = here.len() > self.count;
        here.truncate(self.count);
        let next = here.last().filter(|_| more).map(|last| self.cursor_at(number(last)));
        (here, next)
    }

    /// The cursor of the page before this one, where this is not the first.
    pub fn previous<'a, T: 'a>(&self, all: impl Iterator<Item = &'a T>, id: impl Fn(&T) -> &str) -> Option<String> {
        let mut newer: Vec<u64> = all.map(|item| id(item).parse::<u64>().unwrap_or_default()).collect();
        newer.retain(|number| *number >= self.before);
        newer.sort_unstable();
        newer.first()?;
        Some(self.cursor_at(newer.get(self.count).copied().unwrap_or(u64::MAX)))
    }

    /// The cursor that leads to this page again.
    pub fn cursor(&self) -> String {
        self.cursor_at(self.before)
    }

    fn cursor_at(&self, before: u64) -> String {
        STANDARD.encode(format!("{} {before}", self.cursor))
    }
}

fn position(cursor: &str, at: &str) -> Option<u64> {
    let text = String::from_utf8(STANDARD.decode(at).ok()?).ok()?;
    text.strip_prefix(cursor)?.strip_prefix(' ')?.parse().ok()
}
