//! A string that nobody prints by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key, secret or token. `Debug` shows nothing of it; [`Secret::reveal`] is what a reviewer looks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn debug_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", super::Secret::new("abc")), "[redacted]");
    }
}
