//! The conversation engine, a pure function: (script, state, input) to (state, effects). Knows nothing of X or SQL.

pub mod check;
pub mod matching;
pub mod message;
pub mod script;
pub mod state;
pub mod step;
