//! A challenge that X signed is noted, for the health page: how long ago X last found us.

use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;

/// Only of a challenge whose signature fits: so nobody else can fill the queue.
pub async fn note<P: Platform>(p: &P) -> Result<(), Trouble> {
    p.enqueue(vec![Job::Challenged { at: p.now() }.now()]).await
}
