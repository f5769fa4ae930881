//! What goes wrong with the next messages that are sent.

use perch_simulator::{Calls, Mishap, Trouble};

/// The next messages that are sent are refused with 429; the limit is renewed so many seconds later.
pub fn rate_limited(times: u32, seconds: u64) -> Trouble {
    Trouble::Calls(Calls::sending().times(times), Mishap::RateLimited { reset_in_s: seconds })
}

pub fn refuses(times: u32, code: i64) -> Trouble {
    Trouble::Calls(Calls::sending().times(times), Mishap::refused(code))
}

/// X takes the message, and its answer never comes.
pub fn loses_answer(times: u32) -> Trouble {
    Trouble::Calls(Calls::sending().times(times), Mishap::AnswerLost)
}

/// The message never gets to X.
pub fn hangs(times: u32) -> Trouble {
    Trouble::Calls(Calls::sending().times(times), Mishap::NeverArrives)
}
