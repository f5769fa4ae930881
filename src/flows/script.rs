//! The script of an account that has published none: every deployment brings it.

use std::sync::LazyLock;

use crate::bot::script::Script;

/// The built-in script. `None` only if a build brought one that cannot be read, which a test excludes.
pub fn built_in() -> Option<&'static Script> {
    static HELLO: LazyLock<Option<Script>> =
        LazyLock::new(|| Script::read_json(include_str!(concat!(env!("OUT_DIR"), "/hello.json"))).ok());
    HELLO.as_ref()
}

#[cfg(test)]
mod tests {
    use crate::bot::check::check;
    use crate::config::LIMITS;

    #[test]
    fn the_built_in_script_passes_the_check() {
        assert_eq!(check(super::built_in().unwrap(), &LIMITS), Vec::new());
    }
}
