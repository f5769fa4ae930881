//! A schedule: who writes what and when, and all that goes wrong meanwhile. A value, made from a seed alone.

use std::fmt;

use crate::world::cast::{ADA, BO};
use crate::world::faults::{FAULTS, Fault, Seam};

#[derive(Clone, Debug)]
pub struct Schedule {
    /// In which order what happens at once is done.
    pub order: u64,
    /// X's limits, so narrow that they are met.
    pub limits: Option<&'static str>,
    /// What happens, each so many seconds after the beginning; in this order.
    pub acts: Vec<(i64, Act)>,
    /// What strikes at the n-th call of the platform.
    pub faults: Vec<(usize, Fault)>,
    /// How long the n-th call takes (s).
    pub delays: Vec<(usize, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A customer writes; X delivers it once and so many times more.
    Writes { customer: &'static str, again: u32 },
    /// The next delivery comes late (s).
    Late(u64),
    /// X acts on the next message, and its answer is lost.
    AnswerLost,
    /// The next message never gets to X.
    NeverArrives,
    /// X refuses the next messages for so long (s).
    RateLimited(u64),
    /// X fails the next messages: over capacity.
    Overloaded(u32),
    /// X does not take the next message, for good.
    Refused,
    /// The database, the queue or X is away for so long (s).
    Away(Seam, i64),
    /// The database takes none of the next turns.
    NoTurns(usize),
    /// The clock jumps ahead (s), and nothing has happened meanwhile.
    Jump(i64),
    /// Somebody of the brand writes in X's own app.
    InApp(&'static str),
    /// X is asked to deliver what it had in the last so many minutes once more.
    Replay(i64),
}

const CUSTOMERS: [&str; 2] = [ADA, BO];
/// Conversations pause after twenty turns in five minutes: a schedule stays below.
const MOST_WRITES: u64 = 14;
const SEAMS: [Seam; 3] = [Seam::Sql, Seam::Enqueue, Seam::Send];

impl Schedule {
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut acts = Vec::new();
        let calm = dice.below(4) == 0;
        let mut at = 0;
        for _ in 0..=dice.below(MOST_WRITES) {
            // Half of what happens, happens at once.
            at += if dice.below(2) == 0 { 0 } else { dice.seconds(90) };
            let act = match dice.below(if calm { 8 } else { 21 }) {
                8 | 9 => Act::Late(u64::try_from(dice.seconds(1_800)).unwrap_or_default()),
                10 | 11 => Act::AnswerLost,
                12 => Act::NeverArrives,
                13 => Act::RateLimited(u64::try_from(dice.seconds(900)).unwrap_or_default()),
                14 => Act::Overloaded(u32::try_from(1 + dice.below(3)).unwrap_or(1)),
                15 => Act::Refused,
                16 | 17 => Act::Away(dice.pick(&SEAMS), 1 + dice.seconds(1_200)),
                18 => Act::Jump(1 + dice.seconds(3_600)),
                19 if dice.below(4) == 0 => Act::InApp(dice.pick(&CUSTOMERS)),
                20 if dice.below(2) == 0 => Act::Replay(5 + dice.seconds(60)),
                _ => {
                    let again = if dice.below(3) == 0 { 1 + dice.below(3) } else { 0 };
                    Act::Writes { customer: dice.pick(&CUSTOMERS), again: u32::try_from(again).unwrap_or(1) }
                }
            };
            acts.push((at, act));
        }
        if !calm && dice.below(8) == 0 {
            let place = dice.place(u64::try_from(acts.len()).unwrap_or(1));
            let times = 1 + dice.place(8);
            acts.insert(place, (acts[place].0, Act::NoTurns(times)));
        }
        let mut faults: Vec<(usize, Fault)> =
            (0..dice.below(5)).map(|_| (dice.place(120), dice.pick(&FAULTS))).collect();
        if dice.below(6) == 0 {
            // A deploy: every worker that is at something dies, its memory with it.
            let from = dice.place(120);
            let wave = from..from + 2 + dice.place(6);
            faults.extend(wave.map(|place| (place, Fault::DiesBefore)));
        }
        if dice.below(6) == 0 {
            // For a while, every other call fails.
            let from = dice.place(120);
            let while_it_lasts = from..from + 20 + dice.place(60);
            faults.extend(while_it_lasts.filter(|_| dice.below(2) == 0).map(|place| (place, Fault::Before)));
        }
        let delays = (0..dice.below(3)).map(|_| (dice.place(120), 1 + dice.seconds(45))).collect();
        let limits = (dice.below(8) == 0).then_some("3/15m");
        Self { order: dice.next(), limits, acts, faults, delays }
    }

    /// Whether a message may end as refused by X.
    pub fn may_be_refused(&self) -> bool {
        self.has(|act| matches!(act, Act::Refused))
    }

    /// Whether of a message nobody may ever know that it is on X: it, its answer, or the worker who waits for it is lost.
    pub fn may_be_in_doubt(&self) -> bool {
        let is_lost = |act: &Act| matches!(act, Act::AnswerLost | Act::NeverArrives | Act::Away(..) | Act::Jump(_));
        !self.faults.is_empty() || !self.delays.is_empty() || self.has(is_lost)
    }

    pub fn has(&self, which: impl Fn(&Act) -> bool) -> bool {
        self.acts.iter().any(|(_, act)| which(act))
    }

    /// Of how many things it is made.
    pub fn parts(&self) -> usize {
        self.acts.len() + self.faults.len() + self.delays.len() + usize::from(self.limits.is_some())
    }

    /// The same with one thing less, each: what a failure is narrowed down by.
    pub fn smaller(&self) -> Vec<Self> {
        let without = |change: &dyn Fn(&mut Self)| {
            let mut less = self.clone();
            change(&mut less);
            less
        };
        let acts =
            (0..self.acts.len()).map(|place| without(&|less| less.acts.splice(place..=place, []).for_each(drop)));
        let faults =
            (0..self.faults.len()).map(|place| without(&|less| less.faults.splice(place..=place, []).for_each(drop)));
        let delays =
            (0..self.delays.len()).map(|place| without(&|less| less.delays.splice(place..=place, []).for_each(drop)));
        let once = self.acts.iter().enumerate().filter_map(|(place, (at, act))| match act {
            Act::Writes { customer, again } if *again > 0 => {
                let calmer = (*at, Act::Writes { customer, again: again - 1 });
                Some(without(&|less| less.acts.splice(place..=place, [calmer]).for_each(drop)))
            }
            _ => None,
        });
        let limits = self.limits.map(|_| without(&|less| less.limits = None));
        acts.chain(faults).chain(delays).chain(once).chain(limits).collect()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, act) in &self.acts {
            writeln!(f, "  {at:>6} s  {act:?}")?;
        }
        for (place, fault) in &self.faults {
            writeln!(f, "  at call {place}: {fault:?}")?;
        }
        for (place, seconds) in &self.delays {
            writeln!(f, "  call {place} takes {seconds} s")?;
        }
        if let Some(limits) = self.limits {
            writeln!(f, "  X's limits: {limits}")?;
        }
        write!(f, "  order {}", self.order)
    }
}

/// SplitMix64: every seed gives another, well mixed row of numbers.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn place(&mut self, end: u64) -> usize {
        usize::try_from(self.below(end)).unwrap_or_default()
    }

    fn seconds(&mut self, end: u64) -> i64 {
        i64::try_from(self.below(end)).unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        let place = self.place(u64::try_from(among.len()).unwrap_or(1));
        among[place]
    }
}
