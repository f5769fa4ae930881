//! The kept corpus, played through every target: what was found once stays found.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::TARGETS;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

#[test]
fn the_kept_corpus_breaks_nothing() {
    for target in TARGETS {
        let folder = Path::new(CORPUS).join(target.name);
        let inputs = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} has no corpus", target.name));
        let mut played = 0;
        for input in inputs {
            let path = input.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            if std::panic::catch_unwind(|| (target.run)(&bytes)).is_err() {
                panic!("{}: {}", target.name, path.display());
            }
            played += 1;
        }
        assert!(played > 0, "the corpus of {} is empty", target.name);
        (target.run)(b"");
    }
}

#[test]
fn every_corpus_has_a_target_of_its_own() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len(), "a name is there twice");
    for folder in fs::read_dir(CORPUS).unwrap() {
        let name = folder.unwrap().file_name().to_string_lossy().into_owned();
        assert!(names.contains(name.as_str()), "nothing reads corpus/{name}");
    }
}
