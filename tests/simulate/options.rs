//! What the command line asks for.

use std::path::PathBuf;
use std::str::FromStr;

pub const HELP: &str = "\
simulate: random schedules of messages, races, crashes and troubles, and what must hold after each

  --schedules N   how many (1000)
  --seed N        the first seed (1); the others follow it
  --threads N     how many at a time (as many as there are processors)
  --one SEED      that schedule alone, shown, and narrowed down where it does not hold
  --planted       plants known bugs one after the other: each has to be found (within 10,000 schedules)
  --mutants       the mutants of the store's statements: by the stories and by schedules, each has to be found
  --stories PATH  the built program of the stories, for --mutants
  --of NAME       only those of the statements whose names begin so
  --quick         by the short stories and few schedules alone
  --list          the mutants alone; nothing is played
  --help          this";

pub struct Options {
    pub schedules: u64,
    pub seed: u64,
    pub threads: usize,
}

pub struct Mutants {
    pub stories: Option<PathBuf>,
    pub of: Option<String>,
    pub is_list: bool,
    pub is_quick: bool,
    pub threads: usize,
}

pub enum Wanted {
    Help,
    Mutants(Mutants),
    Schedules(Options),
    Planted(Options),
    One(u64),
}

impl Options {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (mut schedules, mut seed, mut threads) = (None, 1, threads);
        let mut is_planted = false;
        let (mut are_mutants, mut is_list, mut is_quick, mut stories, mut of) = (false, false, false, None, None);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--help" | "-h" => return Ok(Wanted::Help),
                "--planted" => is_planted = true,
                "--mutants" => are_mutants = true,
                "--list" => is_list = true,
                "--quick" => is_quick = true,
                "--stories" => stories = words.next().map(PathBuf::from),
                "--of" => of = words.next(),
                "--schedules" => schedules = Some(number(&word, words.next())?),
                "--seed" => seed = number(&word, words.next())?,
                "--threads" => threads = number(&word, words.next())?,
                "--one" => return Ok(Wanted::One(number(&word, words.next())?)),
                other => return Err(format!("there is no option {other}")),
            }
        }
        let schedules = schedules.unwrap_or(if is_planted { 10_000 } else { 1_000 });
        if schedules == 0 || threads == 0 {
            return Err("--schedules and --threads are 1 at least".to_owned());
        }
        if are_mutants {
            return Ok(Wanted::Mutants(Mutants { stories, of, is_list, is_quick, threads }));
        }
        let options = Self { schedules, seed, threads };
        Ok(if is_planted { Wanted::Planted(options) } else { Wanted::Schedules(options) })
    }
}

fn number<T: FromStr>(option: &str, value: Option<String>) -> Result<T, String> {
    value.and_then(|value| value.replace('_', "").parse().ok()).ok_or_else(|| format!("{option} wants a number"))
}
