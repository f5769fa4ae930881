//! What we remember: SQL as values, rows as types, one file per table.

pub mod accounts;
pub mod agents;
pub mod audit;
pub mod bearer;
pub mod budgets;
pub mod conversations;
pub mod costs;
pub mod dead_letters;
pub mod entries;
pub mod handoffs;
pub mod health;
pub mod inbox;
pub mod media;
pub mod outbox;
pub mod published;
pub mod replays;
pub mod schema;
pub mod scores;
pub mod scripts;
pub mod sessions;
pub mod sign_ins;
pub mod spill;
pub mod statement;
pub mod timers;
pub mod tokens;
pub mod turns;
