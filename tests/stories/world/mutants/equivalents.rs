//! The mutants that no story can tell from the statement, each with its reason.

use super::Mutant;

const INDEX: &str = "the narrower status beside it says it already; it lets a partial index apply";
const FREED: &str = "a row that is owed has no claim: what makes it owed again drops it";

/// Statement, the mutant, and why it does the same.
pub const ALL: &[(&str, &str, &str)] = &[
    ("outbox::claim", "without status = 'sending'", FREED),
    ("outbox::claim", "without e.status IN ('owed', 'sending')", INDEX),
    (
        "outbox::claim",
        "without e.due_at <= ?4",
        "a message that rests is the very one that its conversation waits for, and so keeps nobody back",
    ),
    (
        "outbox::claim",
        "without ((e.holder = 'bot'), e.created_at, e.id) < ((outbox.holder = 'bot'), outbox.created_at, outbox.id)",
        "one that is behind in the line is among those before which its conversation has one that is; it lets the index of the line apply",
    ),
    ("outbox::claim", "without h.status IN ('owed', 'sending')", INDEX),
    ("outbox::claim", "without s.status IN ('owed', 'sending')", INDEX),
    ("outbox::lapse", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::fail_too_late", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::fail_all_owed", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::drop_of_former_holder", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::drop_before", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::send_once_before", "without status IN ('owed', 'sending')", INDEX),
    ("inbox::own_since", "without o.status IN ('owed', 'sending')", INDEX),
    ("inbox::park_unknown", "without due_at IS NOT NULL", "what has no date is given none"),
    ("outbox::hold_posts", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::open_in", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::unknown_of", "without status IN ('owed', 'sending')", INDEX),
    ("outbox::owing", "without status IN ('owed', 'sending')", INDEX),
    ("budgets::spent_until", "without status IN ('owed', 'sending')", INDEX),
    ("budgets::spent_until", "without status IN ('owed', 'sending') (2)", INDEX),
    ("budgets::reserve", "without status IN ('owed', 'sending')", INDEX),
    ("budgets::reserve", "without status = 'sending'", FREED),
];

impl Mutant {
    /// Why it does the same as the statement.
    pub fn is_equivalent(&self) -> Option<&'static str> {
        ALL.iter().find(|(of, what, _)| *of == self.statement && *what == self.what).map(|(.., why)| *why)
    }
}
