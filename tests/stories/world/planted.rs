//! Bugs that are planted between the program and its platform, to see whether they are found.

#![allow(dead_code)] // the stories plant none

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use perch::store::statement::Statement;

/// A bug, by what it is known for.
pub struct Planted {
    pub name: &'static str,
    pub bug: Bug,
}

pub enum Bug {
    /// These words of a statement read otherwise; the first ones say which statement.
    Reads { of: &'static str, from: &'static str, to: &'static str },
    /// This statement, told by its whole text, reads otherwise.
    Mutant { sql: &'static str, altered: &'static str },
    /// Statements that begin so are not run.
    Skips(&'static str),
    /// A worker that dies in a batch leaves its first statement behind.
    Torn,
    /// What the queue refuses is taken for queued.
    DeafQueue,
    /// A message of the queue is acknowledged before it is handled.
    AckFirst,
    /// Every worker has the same name.
    OneName,
}

pub const ALL: &[Planted] = &[
    Planted {
        name: "no lock on the turn",
        bug: Bug::Reads { of: "INSERT INTO turns", from: "INSERT INTO turns", to: "INSERT OR REPLACE INTO turns" },
    },
    Planted {
        name: "no lease on a message",
        bug: Bug::Reads {
            of: "UPDATE outbox SET status = 'sending'",
            from: "status = 'sending' AND claim = ?3 OR",
            to: "status = 'sending' AND ?3 = ?3 OR",
        },
    },
    Planted {
        name: "sent again without a look",
        bug: Bug::Reads {
            of: "UPDATE outbox SET status = 'sending'",
            from: "OR status = 'owed' AND due_at <= ?4",
            to: "OR (status = 'owed' OR lease_until <= ?4) AND due_at <= ?4",
        },
    },
    Planted {
        name: "the youngest first",
        bug: Bug::Reads {
            of: "UPDATE outbox SET status = 'sending'",
            from: "ORDER BY turn, place LIMIT 1",
            to: "ORDER BY turn DESC, place DESC LIMIT 1",
        },
    },
    Planted {
        name: "a sweep that sees nothing",
        bug: Bug::Reads {
            of: "UPDATE inbox SET due_at = ?2 WHERE key IN",
            from: "status = 'new' AND due_at <= ?1",
            to: "status = 'new' AND due_at <= ?1 AND 0",
        },
    },
    Planted { name: "batches that are torn", bug: Bug::Torn },
    Planted { name: "200 before the queue has it", bug: Bug::DeafQueue },
    Planted { name: "what is spilled is dropped", bug: Bug::Skips("INSERT INTO spill") },
    Planted { name: "the state is not kept", bug: Bug::Skips("INSERT INTO conversations") },
    Planted { name: "every worker has the same name", bug: Bug::OneName },
    Planted {
        name: "trouble counts as an attempt",
        bug: Bug::Reads {
            of: "UPDATE inbox SET attempts = attempts - 1",
            from: "attempts = attempts - 1",
            to: "attempts = attempts",
        },
    },
    Planted { name: "acknowledged before it is handled", bug: Bug::AckFirst },
];

impl Planted {
    /// The statement as the bug has it.
    pub fn read(&self, statement: &Statement) -> Statement {
        match self.bug {
            Bug::Skips(beginning) if statement.sql.trim_start().starts_with(beginning) => {
                Statement::new("SELECT 1 AS one WHERE 0", [])
            }
            Bug::Reads { of, from, to } if statement.sql.contains(of) && statement.sql.contains(from) => {
                Statement { sql: once(statement.sql, from, to), params: statement.params.clone() }
            }
            Bug::Mutant { sql, altered } if statement.sql == sql => {
                MET.fetch_add(1, Ordering::Relaxed);
                // SQLite takes no value that the statement does not name.
                let mut params = statement.params.clone();
                params.truncate(highest(altered));
                Statement { sql: altered, params }
            }
            _ => statement.clone(),
        }
    }
}

/// How often the statement of a mutant was run.
pub static MET: AtomicU64 = AtomicU64::new(0);

/// The number of the last parameter that the statement names.
fn highest(sql: &str) -> usize {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    sql.split('?').skip(1).filter_map(number).max().unwrap_or_default()
}

/// Statements are known by texts that last: each altered one is made once.
fn once(sql: &'static str, from: &str, to: &str) -> &'static str {
    thread_local! {
        static MADE: RefCell<BTreeMap<String, &'static str>> = const { RefCell::new(BTreeMap::new()) };
    }
    let altered = sql.replacen(from, to, 1);
    MADE.with_borrow_mut(|made| *made.entry(altered.clone()).or_insert_with(|| Box::leak(altered.into_boxed_str())))
}
