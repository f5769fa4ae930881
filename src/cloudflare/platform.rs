//! The carrier: what the flows ask of the world, done with the runtime's D1, queue and fetch.

use std::cell::{Cell, RefCell};

use worker::Env;

use super::{calls, queue, rsa, sql, stretch, told};
use crate::access::PublicKey;
use crate::error::Trouble;
use crate::job::Queued;
use crate::platform::Platform;
use crate::store::statement::{Rows, Statement};
use crate::told::{Seldom, Told};
use crate::x_api::request::{Request, Response};
use crate::x_api::time::Timestamp;

/// Binding of the limit for failed log-ins.
const FAILURES: &str = "ADMIN_FAILURES";

pub struct Edge<'a> {
    env: &'a Env,
}

impl<'a> Edge<'a> {
    pub fn new(env: &'a Env) -> Self {
        Self { env }
    }
}

impl Platform for Edge<'_> {
    #[allow(clippy::disallowed_methods)] // the carrier is where the time comes from
    #[allow(clippy::cast_possible_truncation)] // milliseconds fit
    fn now(&self) -> Timestamp {
        Timestamp(js_sys::Date::now() as i64)
    }

    #[allow(clippy::disallowed_methods)] // the carrier is where the dice come from
    fn nonce(&self) -> String {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // WebCrypto is always there in the runtime; without it nothing may be signed or sealed.
            worker::wasm_bindgen::throw_str("no randomness");
        }
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    async fn sql(&self, all: Vec<Statement>) -> Result<Vec<Rows>, Trouble> {
        sql::batch(self.env, all).await
    }

    async fn enqueue(&self, jobs: Vec<Queued>) -> Result<(), Trouble> {
        queue::send(self.env, jobs).await
    }

    async fn may_fail_again(&self, who: &str) -> bool {
        // Where the binding is missing nothing is limited, and nothing is opened either.
        match self.env.rate_limiter(FAILURES) {
            Ok(limiter) => limiter.limit(who.to_owned()).await.map_or(true, |outcome| outcome.success),
            Err(_) => true,
        }
    }

    async fn stretch(&self, password: &str, salt: &str, rounds: u32) -> Result<[u8; 32], Trouble> {
        stretch::stretch(password, salt, rounds).await
    }

    async fn is_signed_by(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool, Trouble> {
        rsa::is_signed_by(key, signed, signature).await
    }

    fn tell(&self, line: &Told) {
        told::tell(self.env, line);
    }

    fn left_out(&self) -> Option<usize> {
        thread_local! {
            static SELDOM: RefCell<Seldom> = const { RefCell::new(Seldom::new()) };
        }
        SELDOM.with_borrow_mut(|seldom| seldom.next(self.now()))
    }

    fn refused_since(&self, since: Option<Timestamp>) -> Option<Timestamp> {
        thread_local! {
            static REFUSED: Cell<Option<Timestamp>> = const { Cell::new(None) };
        }
        REFUSED.replace(since)
    }

    async fn send(&self, request: Request) -> Result<Response, Trouble> {
        calls::send(request).await
    }
}
