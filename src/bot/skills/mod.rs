//! The skills that are built in, one file each.

pub mod leaderboard;
