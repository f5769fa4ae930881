//! Where a variable gets what it holds.

use serde_json::Value;

use crate::bot::kind::Kind;
use crate::bot::template::sole_expression;

#[derive(Clone, Copy, Debug)]
pub enum Source<'s> {
    /// Given by the script: as it stands, or as a template.
    Script(&'s Value),
    Answer(Kind),
    /// Captured by a command, as the kind of this name.
    Command(&'s str),
    /// What a service or a skill says.
    World,
}

impl Source<'_> {
    /// Whatever happens, it gives a text.
    pub fn is_text(self) -> bool {
        match self {
            Self::Script(value) => value.as_str().is_some_and(|text| sole_expression(text).is_none()),
            Self::Answer(kind) => kind.is_text(),
            Self::Command(kind) => Kind::named(kind).is_some_and(Kind::is_text),
            Self::World => false,
        }
    }
}
