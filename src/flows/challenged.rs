//! A challenge that X signed is noted, for the health page: how long ago X last found us.

use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::x_api::signature;

/// Nobody else can fill the queue: only X can sign. `query` is what the signature is over.
pub async fn note<P: Platform>(p: &P, config: &Config<'_>, header: Option<&str>, query: &str) -> Result<(), Trouble> {
    if !signature::verifies(header, query.as_bytes(), &config.delivery_secrets()) {
        return Ok(());
    }
    p.enqueue(vec![Job::Challenged { at: p.now() }.now()]).await
}
