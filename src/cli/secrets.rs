//! Where the command line finds addresses and secrets: the environment, else `.dev.vars` in this folder. Never an argument.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

const FILE: &str = ".dev.vars";

static KEPT: OnceLock<HashMap<String, String>> = OnceLock::new();

/// `None` where it is not set or empty.
pub fn get(name: &str) -> Option<String> {
    let from_file = || KEPT.get_or_init(|| read(Path::new(FILE))).get(name).cloned();
    let found = std::env::var(name).ok().filter(|text| !text.trim().is_empty()).or_else(from_file);
    found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A line that cannot be read is left out.
fn read(path: &Path) -> HashMap<String, String> {
    dotenvy::from_path_iter(path).map(|lines| lines.flatten().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_secrets_is_read_line_by_line() {
        let path = std::env::temp_dir().join(format!("perch-secrets-{}", std::process::id()));
        std::fs::write(&path, "# keys\nADMIN_TOKEN=\"a b\"\nPERCH_URL = https://perch.example\n").unwrap();
        let read_back = read(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read_back["ADMIN_TOKEN"], "a b");
        assert_eq!(read_back["PERCH_URL"], "https://perch.example");
        assert!(read(Path::new("/nowhere")).is_empty());
    }
}
