//! The rules of the house, as a table and a loop: who may name whom, what may stand where, how long a file may be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on ends

mod readme;

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const LONGEST: usize = 300;

/// Folder (or file) of `src/`, what of ours it may name, and what it must not contain.
const RULES: &[(&str, &[&str], &[&str])] = &[
    ("x_api", &["x_api"], &["async ", ".await", "worker::", "SystemTime", "Instant", "SELECT ", "INSERT "]),
    ("bot", &["bot"], &["async ", ".await", "worker::", "SystemTime", "Instant", "SELECT ", "INSERT ", "http::"]),
    ("told", &["x_api"], &["worker::", "async ", "store::"]),
    ("store", &["x_api", "bot", "store"], &["async ", ".await", "worker::"]),
    ("platform.rs", &["x_api", "store", "job", "error", "access", "told"], &["worker::", "if ", "match "]),
    ("job.rs", &["x_api", "store"], &["worker::", "async "]),
    ("error.rs", &["store"], &["worker::", "async "]),
    ("config", &["x_api", "bot", "error", "seal", "access", "config"], &["worker::", "async "]),
    ("seal.rs", &["x_api"], &["worker::", "async "]),
    ("standard_webhooks.rs", &["x_api"], &["worker::", "async "]),
    ("access.rs", &["x_api"], &["worker::", "async "]),
    ("invite.rs", &["x_api"], &["worker::", "async "]),
    (
        "flows",
        &[
            "x_api",
            "bot",
            "store",
            "platform",
            "told",
            "config",
            "job",
            "error",
            "seal",
            "access",
            "invite",
            "standard_webhooks",
            "flows",
        ],
        &["worker::", "SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "\"/api", "\"/webhook"],
    ),
    (
        "web",
        &["flows", "config", "error", "platform", "x_api", "access", "web"],
        &["worker::", "SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", ".sql(", ".send("],
    ),
    ("cli", &["bot", "x_api", "config", "cli"], &["worker::", "SELECT ", "INSERT ", "UPDATE ", "DELETE FROM"]),
    ("bin", &[], &["worker::", "SELECT "]),
    (
        "cloudflare",
        &["flows", "config", "error", "platform", "x_api", "web", "store", "job", "access", "told", "cloudflare"],
        &["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM"],
    ),
];

/// What of `x_api` the store may name: values without an opinion.
const STORE_MAY_NAME: &[&str] = &[
    "x_api::ids",
    "x_api::time",
    "x_api::accounts::Profile",
    "x_api::dialect::Speaks",
    "x_api::limits::",
    "x_api::prices::Price",
];

#[test]
fn every_folder_names_only_what_it_may_and_contains_nothing_foreign() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (place, may_name, must_not) in RULES {
        for file in files(&Path::new(ROOT).join("src").join(place)) {
            seen += 1;
            let code = code_of(&file);
            for named in names_in(&code) {
                if !may_name.contains(&named.as_str()) {
                    wrong.push(format!("{}: names crate::{named}", show(&file)));
                }
            }
            for foreign in must_not.iter().filter(|foreign| code.contains(**foreign)) {
                wrong.push(format!("{}: contains {foreign:?}", show(&file)));
            }
        }
    }
    assert!(seen > 40, "the rules cover only {seen} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_place_in_src_has_a_rule() {
    let known = |name: &str| name == "lib.rs" || RULES.iter().any(|(place, ..)| *place == name);
    let places = entries(&Path::new(ROOT).join("src"));
    let unknown: Vec<String> = places.iter().map(|place| name_of(place)).filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "no rule for {unknown:?}");
}

#[test]
fn the_store_knows_of_x_only_ids_and_time() {
    for file in files(&Path::new(ROOT).join("src/store")) {
        for line in code_of(&file).lines().filter(|line| line.contains("x_api::")) {
            assert!(STORE_MAY_NAME.iter().any(|name| line.contains(name)), "{}: {line}", show(&file));
        }
    }
}

#[test]
fn only_the_carrier_knows_the_runtime() {
    for file in files(&Path::new(ROOT).join("src")) {
        let is_carrier = file.components().any(|part| part.as_os_str() == "cloudflare");
        let code = code_of(&file);
        for foreign in ["worker::", "wasm_bindgen", "JsValue", "js_sys", "web_sys"] {
            assert!(is_carrier || !code.contains(foreign), "{}: {foreign}", show(&file));
        }
    }
}

#[test]
fn no_file_is_longer_than_300_lines() {
    for folder in ["src", "tests/fuzz/src", "tests/simulator/src", "tests/stories", "tools"] {
        for file in files(&Path::new(ROOT).join(folder)).iter().filter(|file| !file.ends_with("tests.rs")) {
            let lines = fs::read_to_string(file).unwrap().lines().count();
            assert!(lines <= LONGEST, "{} has {lines} lines", show(file));
        }
    }
}

#[test]
fn every_file_opens_with_one_sentence_about_itself() {
    for folder in ["src", "tests/fuzz/src", "tests/simulator/src", "tests/stories"] {
        for file in files(&Path::new(ROOT).join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("//! "), "{} does not open with //!", show(&file));
        }
    }
}

#[test]
fn every_folder_of_src_stands_in_the_readme_with_the_words_of_its_mod_rs() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    for folder in entries(&Path::new(ROOT).join("src")).iter().filter(|place| place.is_dir()) {
        let root = folder.join("mod.rs");
        // A folder of programs has no mod.rs; its first file speaks for it.
        let root = if root.is_file() { root } else { files(folder).remove(0) };
        let text = fs::read_to_string(root).unwrap();
        let line = text.lines().next().unwrap().trim_start_matches("//! ").trim_end_matches('.');
        assert!(readme.contains(line), "README's map lacks {}: {line}", show(folder));
    }
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let text = fs::read_to_string(Path::new(ROOT).join("docs/security.md")).unwrap();
    let named: Vec<(&str, &str)> =
        text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once(": ")).collect();
    assert!(named.len() > 30, "{named:?}");
    for (file, name) in named {
        let code = fs::read_to_string(Path::new(ROOT).join(file)).unwrap_or_default();
        let is_there = [format!("fn {name}("), format!("test(\"{name}\"")].iter().any(|test| code.contains(test));
        assert!(is_there, "docs/security.md names `{file}: {name}`, which is not there");
    }
}

#[test]
fn ids_are_strings() {
    let ids = fs::read_to_string(Path::new(ROOT).join("src/x_api/ids.rs")).unwrap();
    assert!(ids.contains("pub struct $name(String);"));
    for file in files(&Path::new(ROOT).join("src")) {
        for line in code_of(&file).lines() {
            let is_number = ["_id: i64", "_id: u64", "_id: f64"].iter().any(|shape| line.contains(shape));
            assert!(!is_number, "{}: {line}", show(&file));
        }
    }
}

/// The code of a file without its tests and comments.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    // A comment follows a space or starts a line; `https://` does neither.
    let bare = |line: &str| format!(" {line}").split(" //").next().unwrap_or_default().to_owned();
    code.lines().map(bare).collect::<Vec<_>>().join("\n")
}

/// The modules of ours that the code names: the word behind `crate::`.
fn names_in(code: &str) -> Vec<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.split("crate::").skip(1).map(word).filter(|word| !word.is_empty()).collect()
}

fn files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let all = entries(place).into_iter().flat_map(|entry| if entry.is_dir() { files(&entry) } else { vec![entry] });
    all.filter(|file| file.extension().is_some_and(|end| end == "rs" || end == "mjs")).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .map_or_else(|_| Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect());
    all.sort();
    all
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn show(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap().display().to_string()
}
