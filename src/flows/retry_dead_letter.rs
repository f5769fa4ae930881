//! An admin has a dead letter tried again.

use serde::Deserialize;

use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::dead_letters;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    Queued,
    /// It is not a job of ours, so no try can succeed.
    NoJob,
    NotFound,
}

/// Queued first, deleted then: at worst it is handled twice, which every job can be.
pub async fn retry_dead_letter<P: Platform>(p: &P, id: &str) -> Result<Retried, Trouble> {
    #[derive(Deserialize)]
    struct Letter {
        body: String,
    }
    let rows = p.sql(vec![dead_letters::get(id)]).await?;
    let Some(letter) = rows.into_iter().next().unwrap_or_default().first::<Letter>()? else {
        return Ok(Retried::NotFound);
    };
    let Ok(job) = serde_json::from_str::<Job>(&letter.body) else {
        return Ok(Retried::NoJob);
    };
    p.enqueue(vec![job.now()]).await?;
    p.sql(vec![dead_letters::delete(id)]).await?;
    Ok(Retried::Queued)
}
