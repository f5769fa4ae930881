//! Which story runs which statements: a mutant is played only by those that come to it, the short ones first.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::statements;

/// The file that the stories write this to.
pub const FILE: &str = "PERCH_MET";

/// Where what they told is kept, beside their program, until that is built anew.
pub const KEPT: &str = "stories.met";

/// How many statements the stories of a part run.
const PARTS: [[usize; 2]; 3] = [[0, 1_000], [1_000, 50_000], [50_000, usize::MAX]];

/// What one story, in a thread of its own name, has run.
struct Met {
    story: String,
    file: PathBuf,
    statements: usize,
    met: BTreeSet<&'static str>,
}

thread_local! {
    static MET: RefCell<Option<Met>> = const { RefCell::new(None) };
}

/// Remembers that the statement was run, where somebody wants to know.
pub fn meets(sql: &'static str) {
    static WANTED: OnceLock<Option<(PathBuf, BTreeMap<&str, &str>)>> = OnceLock::new();
    let by_text = || statements::all().into_iter().map(|(name, statement)| (statement.sql, name)).collect();
    let wanted = WANTED.get_or_init(|| Some((PathBuf::from(std::env::var_os(FILE)?), by_text())));
    let Some((file, names)) = wanted else { return };
    MET.with_borrow_mut(|met| {
        let story = || std::thread::current().name().unwrap_or_default().to_owned();
        let new = || Met { story: story(), file: file.clone(), statements: 0, met: BTreeSet::new() };
        let met = met.get_or_insert_with(new);
        met.statements += 1;
        met.met.extend(names.get(sql));
    });
}

impl Drop for Met {
    fn drop(&mut self) {
        let names = self.met.iter().copied().collect::<Vec<_>>().join("\t");
        let line = format!("{}\t{}\t{names}\n", self.story, self.statements);
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.file).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// The stories that come to each statement, the short ones first.
pub struct Stories(Vec<(usize, String, BTreeSet<String>)>);

impl Stories {
    pub fn read(file: &Path) -> Self {
        let line = |line: &str| {
            let mut words = line.split('\t').map(str::to_owned);
            Some((words.next()?, words.next()?.parse::<usize>().ok()?, words.collect()))
        };
        let told = fs::read_to_string(file).unwrap();
        let mut all: Vec<_> = told.lines().filter_map(line).map(|(story, count, met)| (count, story, met)).collect();
        all.sort();
        Self(all)
    }

    /// In parts, each with its longest at the end: a story that runs a statement thousands of times waits for those that do not.
    pub fn that_meet(&self, statement: &str) -> Vec<Vec<&str>> {
        let part = |most: &[usize; 2]| {
            let of =
                self.0.iter().filter(|(count, _, met)| (most[0]..most[1]).contains(count) && met.contains(statement));
            of.map(|(_, story, _)| story.as_str()).collect::<Vec<_>>()
        };
        PARTS.iter().map(part).filter(|part| !part.is_empty()).collect()
    }
}
