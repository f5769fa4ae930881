//! Queue messages that nobody could handle, by an admin's hand: listed, shown, tried again, dropped.

use serde_json::{Value, json};

use super::cursor;
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
pub async fn retry<P: Platform>(p: &P, id: &str) -> Result<Retried, Trouble> {
    let Some(body) = p.rows(dead_letters::get(id)).await?.texts("body")?.pop() else {
        return Ok(Retried::NotFound);
    };
    let Ok(job) = serde_json::from_str::<Job>(&body) else {
        return Ok(Retried::NoJob);
    };
    p.enqueue(vec![job.now()]).await?;
    p.sql(vec![dead_letters::delete(id)]).await?;
    Ok(Retried::Queued)
}

const PAGE: i64 = 200;

/// A page, newest first, without their bodies: those hold what customers wrote. And behind which one the next begins.
pub async fn list<P: Platform>(p: &P, before: Option<&str>) -> Result<Value, Trouble> {
    let (at, id) = cursor::behind(before);
    let all = p.rows(dead_letters::page(at, id, PAGE)).await?.0;
    Ok(json!({"next": cursor::next(&all, PAGE, "at", "id"), "dead_letters": all}))
}

/// One as a whole.
pub async fn show<P: Platform>(p: &P, id: &str) -> Result<Option<Value>, Trouble> {
    Ok(p.rows(dead_letters::whole(id)).await?.0.into_iter().next())
}

/// It is not wanted any more. Says whether it was there.
pub async fn drop<P: Platform>(p: &P, id: &str) -> Result<bool, Trouble> {
    Ok(!p.rows(dead_letters::drop(id)).await?.is_empty())
}
