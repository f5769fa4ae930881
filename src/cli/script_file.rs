//! A bot script from a file, checked.

use crate::bot::check::Mistake;
use crate::bot::script::Script;
use crate::config::LIMITS;

/// Why there is no script.
pub enum NoScript {
    /// The file cannot be read; in words.
    Unread(String),
    Mistakes(Vec<Mistake>),
}

pub fn read(path: &str) -> Result<Script, NoScript> {
    let yaml =
        std::fs::read_to_string(path).map_err(|error| NoScript::Unread(format!("{path} cannot be read: {error}")))?;
    Script::read(&yaml, &LIMITS).map_err(NoScript::Mistakes)
}
