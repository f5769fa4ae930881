//! The statements of the store, each with one thing left out or turned round: a story or a schedule has to fail by it.

#![allow(dead_code)] // the stories play one, told by its number

mod cuts;
pub mod equivalents;
pub mod met;
pub mod statements;
mod words;

use std::sync::OnceLock;

use super::planted::{Bug, Planted};

/// The number of the mutant that the stories are played with.
pub const NUMBER: &str = "PERCH_MUTANT";

pub struct Mutant {
    pub number: usize,
    pub statement: &'static str,
    pub what: String,
    pub planted: Planted,
}

/// All of them, always in the same order.
pub fn all() -> &'static [Mutant] {
    static ALL: OnceLock<Vec<Mutant>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Mutant> = Vec::new();
        for (statement, value) in statements::all() {
            let sql = value.sql;
            // What a statement gives back is read by the flows, and is none of its conditions.
            let acts = sql.rfind(" RETURNING ").filter(|_| sql.contains("RETURNING 'message'")).unwrap_or(sql.len());
            let mut add = |what: String, altered: String| {
                let again = all.iter().filter(|one| one.statement == statement && one.what.starts_with(&what)).count();
                let what = if again == 0 { what } else { format!("{what} ({})", again + 1) };
                let bug = Bug::Mutant { sql, altered: Box::leak(altered.into_boxed_str()) };
                all.push(Mutant { number: all.len() + 1, statement, what, planted: Planted { name: "a mutant", bug } });
            };
            add("is not run".to_owned(), "SELECT 1 AS one WHERE 0".to_owned());
            for cut in cuts::cuts(&sql[..acts]) {
                let altered = [&sql[..cut.from], &cut.with, &sql[cut.to..]].concat();
                if altered != sql {
                    add(cut.what, altered);
                }
            }
        }
        all
    })
}

/// The one that these stories are played with, if any.
pub fn of_environment() -> Option<&'static Planted> {
    static ONE: OnceLock<Option<&'static Planted>> = OnceLock::new();
    *ONE.get_or_init(|| {
        let number: usize = std::env::var(NUMBER).ok()?.parse().ok()?;
        Some(&all().iter().find(|one| one.number == number)?.planted)
    })
}
