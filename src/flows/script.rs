//! Which script an account follows: so far the one that every deployment brings.

use std::sync::LazyLock;

use crate::bot::script::Script;
use crate::config::LIMITS;

/// The built-in script. `None` only if a build brought one that does not pass the check, which a test excludes.
pub fn built_in() -> Option<&'static Script> {
    static HELLO: LazyLock<Option<Script>> =
        LazyLock::new(|| Script::read_json(include_str!(concat!(env!("OUT_DIR"), "/hello.json")), &LIMITS).ok());
    HELLO.as_ref()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_built_in_script_passes_the_check() {
        assert!(super::built_in().is_some());
    }
}
