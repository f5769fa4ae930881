//! The mutants that no story can tell from the statement, each with its reason.

use super::Mutant;

/// Statement, the mutant, and why it does the same.
pub const ALL: &[(&str, &str, &str)] = &[];

impl Mutant {
    /// Why it does the same as the statement.
    pub fn is_equivalent(&self) -> Option<&'static str> {
        ALL.iter().find(|(of, what, _)| *of == self.statement && *what == self.what).map(|(.., why)| *why)
    }
}
