//! People take over: a handoff begins, its timer runs, agents act on it, and the bot has the conversation back.

mod acts;
mod begin;
mod hand_back;
pub mod settings;
mod tend;

pub use acts::{Scene, TRIES, assign, close, release, take, taking};
pub use begin::{Start, app_holds, app_spoke, by_mode, human_turn, started, waiting};
pub use tend::{arm, arm_row, ask_waiting, run, tend};

use crate::x_api::time::Span;

/// An agent who has a conversation has it for so long at most after the last act on it.
pub const AGENT_HOLDS: Span = Span::days(30);
/// Whose inbox was open so shortly ago can be asked.
pub const SEEN_WITHIN: Span = Span::minutes(2);
