//! Skills: what a script cannot say for itself, in Rust; pure, so what they read and write are values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::input::Failure;
use super::skills::leaderboard;

pub type Arguments = BTreeMap<String, Value>;

/// One skill, as scripts name it.
pub struct Skill {
    pub name: &'static str,
    /// Its arguments; those that it can do without have a `?` behind them.
    pub takes: &'static [&'static str],
    pub reads: fn(&Arguments) -> Read,
    pub run: fn(&Arguments, &[Score]) -> Ran,
}

/// The result of a skill and what it wants remembered, or why it refuses.
pub type Ran = Result<(Value, Vec<Write>), Failure>;

/// What a skill wants to know first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Every score of a board of this account.
    Scores { board: String },
}

/// What it wants remembered; it joins the batch of its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A conflict with a score that is there already makes the whole turn start again, with that score read.
    NewScore {
        board: String,
        score: Score,
    },
    ChangedScore {
        board: String,
        score: Score,
    },
}

/// The strokes of one team on one hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    pub team: i64,
    pub hole: i64,
    pub strokes: i64,
}

pub const SKILLS: &[Skill] = &[leaderboard::RECORD, leaderboard::CORRECT, leaderboard::STANDINGS];

pub fn named(name: &str) -> Option<&'static Skill> {
    SKILLS.iter().find(|skill| skill.name == name)
}

impl Write {
    pub fn board(&self) -> &str {
        let (Self::NewScore { board, .. } | Self::ChangedScore { board, .. }) = self;
        board
    }

    /// Applies it to the scores of its board, as a table would.
    pub fn apply(&self, scores: &mut Vec<Score>) {
        let (Self::NewScore { score, .. } | Self::ChangedScore { score, .. }) = self;
        scores.retain(|known| (known.team, known.hole) != (score.team, score.hole));
        scores.push(*score);
    }
}
