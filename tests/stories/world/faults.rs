//! What goes wrong, and when: a plan over the seams in the order in which they are passed.

use std::collections::BTreeMap;

use perch::x_api::time::Span;

/// A seam: one call of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    Sql,
    Enqueue,
    /// A call of X.
    Send,
    /// A sign of attention, of which X is told as well.
    Signal,
    /// A call of a script.
    Call,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing happened.
    Before,
    /// It happened, but nobody was told.
    AnswerLost,
    /// It happened, and the answer takes its time: whatever else can be done is done first, where the order is any.
    AnswerLate,
    /// The worker died before it.
    DiesBefore,
    /// The worker died after it.
    DiesAfter,
}

pub const FAULTS: [Fault; 4] = [Fault::Before, Fault::AnswerLost, Fault::DiesBefore, Fault::DiesAfter];

#[derive(Debug, Default)]
pub struct Faults {
    /// Those at the n-th seam from the plan on.
    planned: BTreeMap<usize, Fault>,
    /// The one at the next seam of this kind.
    next: Option<(Seam, Fault)>,
    passed: usize,
    /// Attempts at events that only trouble has cost: whoever made them died, or could not give them back.
    pub spent: usize,
    /// Every call of this kind fails before it does anything.
    down: Vec<Seam>,
    pub struck: Option<(Seam, Fault)>,
    /// Workers die that are about to write a turn for this event.
    pub poison: Option<String>,
    /// So many turns cannot be written.
    pub lost_turns: usize,
    /// Whoever is at a call now dies in it.
    pub is_dying: bool,
    /// Time that goes by at the n-th seam, in seconds.
    pub delays: BTreeMap<usize, i64>,
}

impl Faults {
    pub fn at(&mut self, index: usize, fault: Fault) {
        self.plan([(index, fault)]);
    }

    pub fn plan(&mut self, all: impl IntoIterator<Item = (usize, Fault)>) {
        self.planned = all.into_iter().collect();
        self.passed = 0;
        self.struck = None;
    }

    pub fn at_next(&mut self, seam: Seam, fault: Fault) {
        self.next = Some((seam, fault));
    }

    pub fn down(&mut self, seam: Seam) {
        self.down.push(seam);
    }

    pub fn up(&mut self, seam: Seam) {
        self.down.retain(|down| *down != seam);
    }

    /// How many seams were passed since the plan was made (or from the start).
    pub fn passed(&self) -> usize {
        self.passed
    }

    pub fn count_from_now(&mut self) {
        self.passed = 0;
    }

    /// How long the call at the last seam takes.
    pub fn delay(&self) -> Span {
        Span::seconds(self.delays.get(&self.passed).copied().unwrap_or_default())
    }

    /// What happens at this seam.
    pub fn pass(&mut self, seam: Seam) -> Option<Fault> {
        let here = self.passed;
        self.passed += 1;
        let is_with = if seam == Seam::Signal { Seam::Send } else { seam };
        if self.down.contains(&is_with) {
            return Some(Fault::Before);
        }
        if let Some((_, fault)) = self.next.take_if(|(kind, _)| *kind == seam) {
            return Some(fault);
        }
        let fault = *self.planned.get(&here)?;
        self.struck = Some((seam, fault));
        self.spent += usize::from(matches!(fault, Fault::DiesBefore | Fault::DiesAfter));
        Some(fault)
    }
}
