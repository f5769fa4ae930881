//! What the command line asks for.

use std::str::FromStr;

pub const HELP: &str = "\
simulate: random schedules of messages, races, crashes and troubles, and what must hold after each

  --schedules N   how many (1000)
  --seed N        the first seed (1); the others follow it
  --threads N     how many at a time (as many as there are processors)
  --one SEED      that schedule alone, shown, and narrowed down where it does not hold
  --planted       plants known bugs one after the other: each has to be found (within 10,000 schedules)
  --help          this";

pub struct Options {
    pub schedules: u64,
    pub seed: u64,
    pub threads: usize,
}

pub enum Wanted {
    Help,
    Schedules(Options),
    Planted(Options),
    One(u64),
}

impl Options {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (mut schedules, mut seed, mut threads) = (None, 1, threads);
        let mut is_planted = false;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--help" | "-h" => return Ok(Wanted::Help),
                "--planted" => is_planted = true,
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
        let options = Self { schedules, seed, threads };
        Ok(if is_planted { Wanted::Planted(options) } else { Wanted::Schedules(options) })
    }
}

fn number<T: FromStr>(option: &str, value: Option<String>) -> Result<T, String> {
    value.and_then(|value| value.replace('_', "").parse().ok()).ok_or_else(|| format!("{option} wants a number"))
}
