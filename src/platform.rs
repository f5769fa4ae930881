//! The one seam: everything the outside world does for us.

use serde::de::DeserializeOwned;

use crate::access::PublicKey;
use crate::error::Trouble;
use crate::job::Queued;
use crate::store::statement::{Rows, Statement, named};
use crate::told::Told;
use crate::x_api::request::{Request, Response};
use crate::x_api::time::Timestamp;

/// Carries values; decides nothing. Two implementations: Cloudflare, and the World of the stories.
#[allow(async_fn_in_trait)] // one thread on both sides: no future has to be Send
pub trait Platform {
    fn now(&self) -> Timestamp;

    /// 32 characters from `[0-9a-f]`, never the same twice.
    fn nonce(&self) -> String;

    /// One transaction, all or nothing; the rows of each statement, in order.
    async fn sql(&self, all: Vec<Statement>) -> Result<Vec<Rows>, Trouble>;

    /// The same for so many statements, and the rows of each.
    async fn each<const N: usize>(&self, all: [Statement; N]) -> Result<[Rows; N], Trouble> {
        Ok(named(self.sql(all.into()).await?)?)
    }

    /// One statement, and its rows.
    async fn rows(&self, one: Statement) -> Result<Rows, Trouble> {
        Ok(self.sql(vec![one]).await?.pop().unwrap_or_default())
    }

    async fn first<T: DeserializeOwned>(&self, one: Statement) -> Result<Option<T>, Trouble> {
        Ok(self.rows(one).await?.first()?)
    }

    async fn all<T: DeserializeOwned>(&self, one: Statement) -> Result<Vec<T>, Trouble> {
        Ok(self.rows(one).await?.all()?)
    }

    /// All of the jobs, or trouble; some may be queued all the same.
    async fn enqueue(&self, jobs: Vec<Queued>) -> Result<(), Trouble>;

    /// Counts one more failure of `who` at the door; `false` once there are too many in a minute. Kept by the runtime beside
    /// the tables, so that nobody from outside makes us write.
    async fn may_fail_again(&self, who: &str) -> bool;

    /// A password made hard to guess back: PBKDF2 with SHA-256, so many rounds. The runtime's own work, not ours: it has to fit
    /// into the CPU time of a small plan.
    async fn stretch(&self, password: &str, salt: &str, rounds: u32) -> Result<[u8; 32], Trouble>;

    /// Whether this key has signed it: RSASSA-PKCS1-v1_5 with SHA-256, by the runtime again.
    async fn is_signed_by(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool, Trouble>;

    /// Since when nothing took what X delivered, as far as this very instance remembers: sets it, and gives what it was.
    fn refused_since(&self, since: Option<Timestamp>) -> Option<Timestamp>;

    /// To the log, and to the metrics where there are any. At once; nothing is known of what becomes of it.
    fn tell(&self, line: &Told);

    /// Of lines that anybody can bring about one a second is told: how many were left out since the last. `None`: this one is too.
    fn left_out(&self) -> Option<usize>;

    /// Any HTTP call, with [`CALL_SECONDS`] as its limit. Trouble says nothing about what the other side did.
    async fn send(&self, request: Request) -> Result<Response, Trouble>;
}

/// The time limit of a call, in seconds: less than half the lease of a message.
pub const CALL_SECONDS: u32 = 12;
