//! A queue message that nobody can handle: kept in D1 with its reason, so that a person finds it.

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::dead_letters;

pub async fn bury<P: Platform>(p: &P, id: &str, queue: &str, body: &str, why: &str) -> Result<(), Trouble> {
    p.sql(vec![dead_letters::insert(id, queue, body, why, p.now())]).await.map(|_| ())
}
