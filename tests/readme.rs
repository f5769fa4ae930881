//! README against the code: the settings, the routes, and the map with what it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use perch::web::routes::{self, Access, ROUTES, Route};

use super::{ROOT, code_of, entries, files, name_of};

#[test]
fn every_setting_stands_in_the_readme_and_nothing_else() {
    let (read, told) = (settings_of_the_code(), settings_of_the_readme());
    assert!(read.len() > 25, "only {read:?}");
    // `CALL_SECRET_` is the beginning of many; README shows one.
    let is_one = |told: &str, read: &str| told == read || (read.ends_with('_') && told.starts_with(read));
    for name in &read {
        assert!(told.iter().any(|told| is_one(told, name)), "README's settings lack {name}");
    }
    for name in &told {
        assert!(read.iter().any(|read| is_one(name, read)), "README's settings name {name}, which nothing reads");
    }
}

#[test]
fn what_the_command_line_reads_of_the_environment_stands_in_the_readme() {
    let (readme, mut names) = (readme(), BTreeSet::new());
    for file in files(&Path::new(ROOT).join("src/cli")) {
        let code = code_of(&file);
        names.extend(code.split("secrets::get(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    assert!(names.len() > 3, "only {names:?}");
    for name in names {
        assert!(readme.contains(&name), "README does not name {name}");
    }
}

#[test]
fn every_route_stands_in_the_readme_with_who_may_call_it() {
    let named = named_routes();
    for route in ROUTES {
        let (method, path) = (route.method.as_str(), path_of(route));
        let row = named.iter().find(|named| named.method == method && named.path == path);
        let row = row.unwrap_or_else(|| panic!("README's routes lack {method} {path}"));
        let is_right = match route.access {
            Access::Public => !row.who.contains("admin"),
            Access::Admin | Access::Change => row.who.contains("admin"),
            Access::People | Access::PeopleChange => row.who.contains("people"),
        };
        assert!(is_right, "{method} {path} is open to {:?}; README says '{}'", route.access, row.who);
    }
}

#[test]
fn every_route_of_the_readme_is_there() {
    let named = named_routes();
    assert!(named.len() > 80, "only {}", named.len());
    for Named { method, path, .. } in &named {
        let is_it = |route: &Route| route.method.as_str() == method.as_str() && path_of(route) == path.as_str();
        assert!(ROUTES.iter().any(is_it), "README names {method} {path}, which is no route");
    }
}

#[test]
fn every_place_of_the_map_is_there() {
    let map = map();
    assert!(map.len() > 30, "only {map:?}");
    for place in &map {
        let path = Path::new(ROOT).join(place);
        let is_there = if place.ends_with('/') { path.is_dir() } else { path.is_file() };
        assert!(is_there, "README's map names {place}, which is not there");
    }
}

#[test]
fn every_place_stands_in_the_map() {
    let map = map();
    let ignored = fs::read_to_string(Path::new(ROOT).join(".gitignore")).unwrap();
    let is_ignored = |name: &str| {
        name.starts_with('.')
            || ignored.lines().map(|line| line.trim_matches('/')).any(|line| match line.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == line,
            })
    };
    for folder in ["", "src/", "tests/"] {
        let places = entries(&Path::new(ROOT).join(folder));
        // Of files beside the folders, only those of the code: the others are what any such project has.
        for place in places.iter().filter(|place| place.is_dir() || !folder.is_empty()) {
            let name = format!("{folder}{}{}", name_of(place), if place.is_dir() { "/" } else { "" });
            assert!(is_ignored(&name_of(place)) || map.contains(&name), "README's map lacks {name}");
        }
    }
}

#[test]
fn every_bot_stands_in_the_map_and_nothing_else() {
    let section = section("The map");
    let line = section.lines().find(|line| line.starts_with("bots/")).unwrap();
    let named: BTreeSet<String> = line.rsplit(": ").next().unwrap().split(", ").map(str::to_owned).collect();
    let there: BTreeSet<String> = entries(&Path::new(ROOT).join("bots")).iter().map(|bot| name_of(bot)).collect();
    assert_eq!(named, there);
}

#[test]
fn the_way_of_an_event_leads_through_files_that_are_there() {
    let section = section("The map");
    let way: Vec<&str> = in_backticks(section.rsplit("```").next().unwrap()).collect();
    assert!(way.len() > 10, "only {way:?}");
    for file in way {
        assert!(Path::new(ROOT).join("src").join(file).is_file(), "README's way of an event names {file}");
    }
}

#[test]
fn every_file_that_the_readme_names_is_there() {
    let readme = readme();
    let linked = readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let linked = linked.filter(|link| !link.is_empty() && !link.contains("://"));
    let tops = ["app/", "benches/", "bots/", "docs/", "migrations/", "src/", "tests/", "tools/"];
    let named = in_backticks(&readme).filter(|word| tops.iter().any(|top| word.starts_with(top)));
    let all: BTreeSet<&str> = linked.chain(named.filter(|word| !word.contains([' ', '\n']))).collect();
    assert!(all.len() > 20, "only {all:?}");
    for file in all {
        assert!(Path::new(ROOT).join(file).exists(), "README names {file}, which is not there");
    }
}

#[test]
fn what_other_programs_read_has_no_lines_of_npm_in_it() {
    let readme = readme();
    let read = |line: &&str| line.contains(" > ") || line.contains("--json");
    let read: Vec<&str> = readme.lines().filter(|line| line.contains("perch -- ")).filter(read).collect();
    assert!(read.len() > 1, "only {read:?}");
    for line in read {
        assert!(line.contains("npm run --silent perch -- "), "npm's own lines would come first: {line}");
    }
}

/// A route that the README names, written out.
struct Named {
    method: String,
    path: String,
    who: String,
}

/// `…/switch` stands below the last path that is written whole, `/own` beside the one before it; a method holds until the
/// next one, and `GET` alone goes with the path that follows.
fn named_routes() -> Vec<Named> {
    let known: BTreeSet<&str> = ROUTES.iter().map(path_of).collect();
    let mut all = Vec::new();
    for [cell, who] in rows("Routes") {
        let (mut methods, mut goes_on) = (Vec::new(), false);
        let (mut whole, mut last) = (String::new(), String::new());
        for words in in_backticks(&cell) {
            let (method, path) = match words.split_once(' ') {
                Some((method, path)) => (method, path),
                None if words.contains('/') => ("", words),
                None => (words, ""),
            };
            if !method.is_empty() {
                if !goes_on {
                    methods.clear();
                }
                methods.push(method);
            }
            goes_on = path.is_empty();
            if goes_on {
                continue;
            }
            let path = path.split('?').next().unwrap().trim_end_matches('/');
            if let Some(below) = path.strip_prefix('…') {
                last = format!("{whole}{below}");
            } else if known.contains(path) {
                whole = path.to_owned();
                last = path.to_owned();
            } else {
                let beside = last.rsplit_once('/').map_or("", |(beside, _)| beside);
                last = format!("{beside}{path}");
            }
            assert!(!methods.is_empty(), "README's routes name {last} without a method");
            for method in &methods {
                all.push(Named { method: (*method).to_owned(), path: last.clone(), who: who.clone() });
            }
        }
    }
    all
}

/// Without a slash at the end: `/app` is `/app/`.
fn path_of(route: &Route) -> &'static str {
    match route.path {
        routes::Path::Is(path) | routes::Path::Below(path) => path.trim_end_matches('/'),
        routes::Path::Webhook => "/webhook",
    }
}

/// The texts in quotes below `src/config` that are words in capitals; of `CALL_SECRET_{name}` its beginning.
fn settings_of_the_code() -> BTreeSet<String> {
    let is_name = |name: &str| name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let mut names = BTreeSet::new();
    let files = files(&Path::new(ROOT).join("src/config"));
    for file in files.iter().filter(|file| !name_of(file).ends_with("tests.rs")) {
        for text in code_of(file).split('"') {
            let name = text.split_once('{').filter(|(_, rest)| rest.ends_with('}')).map_or(text, |(name, _)| name);
            if is_name(name) {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

fn settings_of_the_readme() -> BTreeSet<String> {
    rows("Settings").iter().flat_map(|[names, _]| in_backticks(names)).map(str::to_owned).collect()
}

/// Every path that the map names, from the root; those of folders end with `/`.
fn map() -> Vec<String> {
    let section = section("The map");
    let (mut all, mut top) = (Vec::new(), String::new());
    for line in section.split("```").nth(1).unwrap().lines() {
        let named: Vec<&str> =
            line.split_whitespace().take_while(|word| word.ends_with('/') || word.ends_with(".rs")).collect();
        let Some(first) = named.first() else { continue };
        if !line.starts_with(' ') {
            top.clear();
        }
        // `world/mutants/: …` within the words about a folder names one below it.
        let deeper =
            line.split_whitespace().filter_map(|word| word.strip_suffix(':')).filter(|word| word.ends_with('/'));
        all.extend(named.iter().map(|name| format!("{top}{name}")));
        all.extend(deeper.map(|name| format!("{top}{first}{name}")));
        if top.is_empty() {
            top = (*first).to_owned();
        }
    }
    all
}

/// The first two cells of every row of the table below this heading.
fn rows(heading: &str) -> Vec<[String; 2]> {
    let cell = |row: &str, number: usize| row.split('|').nth(number).unwrap().trim().to_owned();
    section(heading).lines().filter(|line| line.starts_with("| `")).map(|row| [cell(row, 1), cell(row, 2)]).collect()
}

/// What stands below this heading, up to the next one.
fn section(heading: &str) -> String {
    let readme = readme();
    let (_, rest) = readme.split_once(&format!("\n## {heading}\n")).unwrap();
    rest.split("\n## ").next().unwrap().to_owned()
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn readme() -> String {
    fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap()
}
