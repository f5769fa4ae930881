//! A bot script from a file, checked, each mistake with its line.

use std::path::{Path, PathBuf};

use super::lines::Lines;
use super::media_files;
use crate::bot::check::{Mistake, check};
use crate::bot::script::Script;
use crate::config::LIMITS;

/// A script and the folder that its media stand in.
pub struct Bot {
    pub script: Script,
    pub folder: PathBuf,
}

/// Why there is no script.
pub enum NoScript {
    /// The file cannot be read; in words.
    Unread(String),
    Mistakes(Vec<Found>),
}

/// A mistake and where it stands.
pub struct Found {
    pub mistake: Mistake,
    /// From 1. `None`: nowhere in particular.
    pub line: Option<usize>,
}

/// The longest file that is read: far more than people write.
const LARGEST: u64 = 4 << 20;
/// The longest script as it is published: a deployment reads 1 MiB, and the hashes of the files come with it.
const MOST_PUBLISHED: usize = 900_000;

pub fn read(path: &str) -> Result<Bot, NoScript> {
    let unread = |error: String| NoScript::Unread(format!("{path} cannot be read: {error}"));
    let length = std::fs::metadata(path).map_err(|error| unread(error.to_string()))?.len();
    if length > LARGEST {
        return Err(unread(format!("{length} bytes; a script has {LARGEST} at most")));
    }
    let yaml = std::fs::read_to_string(path).map_err(|error| unread(error.to_string()))?;
    let script = Script::read(&yaml).map_err(|error| NoScript::Mistakes(vec![in_file(&error)]))?;
    let folder = Path::new(path).parent().map(Path::to_path_buf).unwrap_or_default();
    let mut mistakes = check(&script, &LIMITS);
    mistakes.extend(media_files::mistakes(&script, &folder));
    mistakes.extend(too_long(&script));
    if mistakes.is_empty() {
        return Ok(Bot { script, folder });
    }
    let lines = Lines::of(&yaml);
    let mut found: Vec<Found> =
        mistakes.into_iter().map(|mistake| Found { line: lines.of_place(&mistake.place), mistake }).collect();
    found.sort_by_key(|found| found.line);
    Err(NoScript::Mistakes(found))
}

fn too_long(script: &Script) -> Option<Mistake> {
    let length = serde_json::to_vec(script).map_or(0, |json| json.len());
    (length > MOST_PUBLISHED).then(|| Mistake {
        place: String::new(),
        cause: format!("The script has {length} bytes as it is published; a deployment takes {MOST_PUBLISHED}."),
        mend: "Make lists of what repeats itself: 'each' below options.".to_owned(),
    })
}

/// The reader of YAML names the line in words; they stay, and the number is taken out of them.
fn in_file(error: &str) -> Found {
    let said = error.lines().next().unwrap_or_default();
    let line = error.split(&[' ', ':', ','][..]).collect::<Vec<_>>().windows(2).find_map(|pair| match pair {
        ["line", number] => number.parse().ok(),
        _ => None,
    });
    let mistake = Mistake {
        place: String::new(),
        cause: format!("The file is no script: {}.", said.trim_start_matches("error: ").trim_end_matches('.')),
        mend: "Correct that line; docs/language.md has every field.".to_owned(),
    };
    Found { mistake, line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::check::planted::{BESIDES, IN_NODES, LIMITS, MORE_LINE, NODES_LINE, around};

    #[test]
    fn each_mistake_is_told_with_its_line() {
        let nodes = IN_NODES.iter().map(|(nodes, mistake)| (around(nodes, ""), *mistake, NODES_LINE..));
        let more =
            BESIDES.iter().map(|(more, mistake)| (around("x: { say: ho, OPTIONS }", more), *mistake, MORE_LINE..));
        for (yaml, mistake, line) in nodes.chain(more) {
            let found = check(&Script::read(&yaml).unwrap(), &LIMITS);
            let found = found.iter().find(|found| found.to_string().starts_with(mistake)).unwrap();
            let told = Lines::of(&yaml).of_place(&found.place).unwrap_or_else(|| panic!("{mistake} has no line"));
            assert!(line.contains(&told) && (line.start > MORE_LINE || told == MORE_LINE), "{mistake}: line {told}");
        }
    }

    #[test]
    fn a_script_is_as_long_as_a_deployment_takes_it() {
        let script = |length: usize| {
            let say = "x".repeat(length);
            Script::read(&format!("{{ version: 1, name: a, start: a, fallback: a, nodes: {{ a: {{ say: {say} }} }} }}"))
                .unwrap()
        };
        assert!(too_long(&script(890_000)).is_none());
        assert!(too_long(&script(900_000)).unwrap().cause.contains("900000"));
    }
}
