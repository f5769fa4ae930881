//! A challenge that X signed is noted, for the health page: how long ago X last found us.

pub use crate::job::Queued as Note;

use crate::job::Job;
use crate::platform::Platform;

/// To be queued once X has its answer, which waits for nothing.
pub fn note<P: Platform>(p: &P) -> Note {
    Job::Challenged { at: p.now() }.now()
}
