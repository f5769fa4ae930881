//! A world that stands still: fixed time and dice, tables that hold what they are told to, and an X that always answers the same.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use perch::access::PublicKey;
use perch::config::Config;
use perch::error::Trouble;
use perch::job::{Job, Queued};
use perch::platform::Platform;
use perch::store::statement::{Param, Rows, Statement};
use perch::told::Told;
use perch::x_api::request::{Request, Response};
use perch::x_api::time::Timestamp;
use serde_json::Value;

pub const NOW: Timestamp = Timestamp(1_764_000_000_000);
/// What JavaScript, and so D1, counts exactly.
const EXACT: u64 = 1 << 53;

#[derive(Default)]
pub struct Still {
    /// A part of a statement, and the rows that it gives; no other gives any.
    pub rows: Vec<(&'static str, Value)>,
    /// `None`: X is silent.
    pub reply: Option<Response>,
    /// Where they do not come from outside.
    pub takes_any_number: bool,
    pub nonces: Cell<u64>,
}

impl Still {
    pub fn with(rows: Vec<(&'static str, Value)>, reply: Option<Response>) -> Self {
        Self { rows, reply, ..Self::default() }
    }
}

impl Platform for Still {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn nonce(&self) -> String {
        self.nonces.set(self.nonces.get() + 1);
        format!("{:032x}", self.nonces.get())
    }

    async fn sql(&self, all: Vec<Statement>) -> Result<Vec<Rows>, Trouble> {
        let rows = |statement: &Statement| {
            let is_exact = |param: &Param| !matches!(param, Param::Int(number) if number.unsigned_abs() > EXACT);
            assert!(self.takes_any_number || statement.params.iter().all(is_exact), "{statement:?}");
            let known = self.rows.iter().find(|(part, _)| statement.sql.contains(part));
            Rows(known.map(|(_, row)| row.clone()).into_iter().collect())
        };
        Ok(all.iter().map(rows).collect())
    }

    async fn enqueue(&self, jobs: Vec<Queued>) -> Result<(), Trouble> {
        for Queued { job, .. } in jobs {
            let text = serde_json::to_string(&job).unwrap();
            assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job, "a job comes out of the queue as it went in");
        }
        Ok(())
    }

    fn tell(&self, line: &Told) {
        for written in [line.json(), line.point()] {
            assert!(serde_json::from_str::<Value>(&written).is_ok_and(|read| read.is_object()), "{written}");
        }
    }

    fn left_out(&self) -> Option<usize> {
        Some(0)
    }

    fn refused_since(&self, _since: Option<Timestamp>) -> Option<Timestamp> {
        None
    }

    async fn may_fail_again(&self, _who: &str) -> bool {
        true
    }

    /// Nothing is hidden here: a password is its first bytes.
    async fn stretch(&self, password: &str, _salt: &str, _rounds: u32) -> Result<[u8; 32], Trouble> {
        let mut stretched = [0; 32];
        stretched.iter_mut().zip(password.bytes()).for_each(|(to, from)| *to = from);
        Ok(stretched)
    }

    /// A key signs by its own name.
    async fn is_signed_by(&self, key: &PublicKey, _signed: &[u8], signature: &[u8]) -> Result<bool, Trouble> {
        Ok(key.n.as_bytes() == signature)
    }

    async fn send(&self, request: Request) -> Result<Response, Trouble> {
        assert!(request.uri().host().is_none_or(|host| !host.is_empty()));
        self.reply.clone().ok_or_else(|| Trouble::Network("X is silent".to_owned()))
    }
}

/// What never has to wait is done at once.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing in a world that stands still has to be waited for"),
    }
}

pub const ADMIN_TOKEN: &str = "an-admin-token-of-40-characters-for-fuzz";
pub const TOKEN_KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
pub const CONSUMER_SECRET: &str = "consumer-secret";
pub const CLIENT_SECRET: &str = "client-secret";

/// The settings of a deployment that lacks nothing.
pub fn settings(name: &str) -> Option<String> {
    let value = match name {
        "ADMIN_TOKEN" => ADMIN_TOKEN,
        "TOKEN_KEY" => TOKEN_KEY,
        "X_CONSUMER_KEY" => "consumer-key",
        "X_CONSUMER_SECRET" => CONSUMER_SECRET,
        "X_CLIENT_ID" => "client-id",
        "X_CLIENT_SECRET" => CLIENT_SECRET,
        "X_ACCESS_TOKEN" => "owner-token",
        "X_ACCESS_TOKEN_SECRET" => "owner-secret",
        "ACCESS_TEAM" => "team",
        "ACCESS_AUD" => "audience",
        "CALL_HOSTS" => "shop.example",
        _ => return None,
    };
    Some(value.to_owned())
}

pub fn config() -> Config<'static> {
    Config::new(&settings)
}
