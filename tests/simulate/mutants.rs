//! `npm run mutants`: plays the mutants of the store's statements by the stories and by random schedules, until one fails.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime};

use crate::first_fault;
use crate::options::{Mutants, Options};
use crate::world::mutants::met::{FILE, KEPT, Stories};
use crate::world::mutants::{Mutant, NUMBER, all};
use crate::world::planted::MET;

/// Schedules before the long stories, and after them where none has failed.
const AT_FIRST: u64 = 60;
const AT_LENGTH: u64 = 600;

pub fn play(wanted: &Mutants) -> ExitCode {
    let begin = Instant::now();
    let is_wanted = |mutant: &&Mutant| wanted.of.as_ref().is_none_or(|of| mutant.statement.starts_with(of.as_str()));
    let stories =
        wanted.stories.as_deref().filter(|_| !wanted.is_list).map(|program| (program, met_by(program, wanted.threads)));
    let mut noticed = BTreeMap::new();
    let (mut killed, mut explained, mut survived) = (0, 0, 0);
    for mutant in all().iter().filter(is_wanted) {
        let said = if wanted.is_list {
            String::new()
        } else if let Some(why) = mutant.is_equivalent() {
            explained += 1;
            format!("the same: {why}")
        } else if let Some(by) =
            killed_by(mutant, stories.as_ref(), noticed.entry(mutant.statement).or_default(), wanted)
        {
            killed += 1;
            by
        } else {
            survived += 1;
            "SURVIVED".to_owned()
        };
        let what: String = mutant.what.chars().take(96).collect();
        println!("{:>4}  {:<32} {what:<96} {said}", mutant.number, mutant.statement);
    }
    if !wanted.is_list {
        let seconds = begin.elapsed().as_secs();
        let count = killed + explained + survived;
        println!("\n{count} mutants: {killed} killed, {explained} explained, {survived} survived, {seconds} s");
    }
    if survived == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `noticed` are the stories that noticed other mutants of its statement: they are the likeliest to notice this one too.
fn killed_by(
    mutant: &'static Mutant,
    stories: Option<&(&Path, Stories)>,
    noticed: &mut BTreeSet<String>,
    wanted: &Mutants,
) -> Option<String> {
    let threads = wanted.threads;
    MET.store(0, Ordering::Relaxed);
    let schedule = |seed, schedules| {
        let (found, _) = first_fault(&Options { schedules, seed, threads }, Some(&mutant.planted), false);
        found.map(|(seed, said)| format!("schedule {seed}: {}", said.chars().take(60).collect::<String>()))
    };
    let story = |part: &Vec<&str>| failed_story(mutant, stories?.0, part, threads);
    let likely = noticed.iter().map(String::as_str).collect::<Vec<_>>();
    if let Some(by) = Some(likely).filter(|some| !some.is_empty()).as_ref().and_then(story) {
        return Some(by);
    }
    let parts = stories.map_or_else(Vec::new, |(_, stories)| stories.that_meet(mutant.statement));
    let (short, long) = parts.split_at(parts.len().min(1));
    let mut new_story = |part: &Vec<&str>| story(part).inspect(|by| _ = noticed.insert(by.clone()));
    // The short stories are the quickest, and say best what is wrong.
    short.iter().find_map(&mut new_story).or_else(|| schedule(1, AT_FIRST)).or_else(|| {
        // Where no schedule comes to the statement, more of them do not either.
        let is_met = MET.load(Ordering::Relaxed) > 0;
        if wanted.is_quick {
            None
        } else {
            let by = long.iter().find_map(&mut new_story);
            by.or_else(|| if is_met { schedule(AT_FIRST + 1, AT_LENGTH) } else { None })
        }
    })
}

/// Which story comes to which statement: as it was told when all were played since they were built, or they are played once.
fn met_by(program: &Path, threads: usize) -> Stories {
    let kept = program.with_file_name(KEPT);
    if modified(&kept) < modified(program) {
        let file = kept.with_extension("part");
        drop(std::fs::remove_file(&file));
        let mut command = Command::new(program);
        command.arg("--test-threads").arg(threads.to_string()).env(FILE, &file);
        let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(ended.success(), "the stories fail without a mutant");
        std::fs::rename(&file, &kept).unwrap();
    }
    Stories::read(&kept)
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().ok()?.modified().ok()
}

/// The first of these stories that fails; the others are not waited for.
fn failed_story(mutant: &Mutant, program: &Path, some: &[&str], threads: usize) -> Option<String> {
    let mut command = Command::new(program);
    command.args(["--exact", "--test-threads"]).arg(threads.to_string()).args(some);
    command.env(NUMBER, mutant.number.to_string());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let failed = |line: String| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    let failed = lines.into_iter().find_map(failed);
    if failed.is_some() {
        child.kill().unwrap();
    }
    let ended = child.wait().unwrap();
    failed.or_else(|| (!ended.success()).then(|| format!("the stories end with {ended}")))
}
