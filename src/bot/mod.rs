//! The conversation engine, a pure function: (script, state, input) to (state, effects). Knows nothing of X or SQL.

pub mod script;

pub mod effect;
pub mod handed_back;
pub mod input;
pub mod message;
pub mod state;
pub mod step;

mod turn;

pub mod consent;
mod questions;

mod draft;
mod labels;
pub mod matching;
mod offers;
mod scope;
mod speech;
pub mod wants;
pub mod web_call;

pub mod plain;
pub mod welcome;

pub mod kind;
pub mod pattern;
pub mod template;

pub mod skill;
mod skills;

pub mod check;
pub mod flow;

#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod typed_tests;
#[cfg(test)]
mod ways_tests;
