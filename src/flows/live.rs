//! What has changed in the inbox since the last look, for a page that is open.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::budget::gates;
use super::handoff::SEEN_WITHIN;
use super::log_in;
use super::threads::{Part, listed, seen_by_people};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::{self, Agent};
use crate::store::conversations::ConversationId;
use crate::store::threads;
use crate::x_api::secret::Secret;
use crate::x_api::time::{Span, Timestamp};

/// A row may be committed so long after the moment that it names.
const LATE: Span = Span::seconds(20);
const MOST: i64 = 200;

/// One open page.
#[derive(Debug)]
pub struct Live {
    agent: Agent,
    /// What they are logged in with.
    cookie: Secret,
    /// The conversation that is open on it.
    thread: Option<ConversationId>,
    /// Against which an account's messages are held, as JSON.
    limits: String,
    since: Timestamp,
    /// What it was told last, by what it is about.
    told: BTreeMap<String, [u8; 32]>,
}

/// What a page is told: the name of the event, and its data.
pub type Told = (&'static str, Value);

impl Live {
    pub fn new(
        config: &Config<'_>,
        agent: Agent,
        cookie: Secret,
        thread: Option<ConversationId>,
        now: Timestamp,
    ) -> Self {
        Self { agent, cookie, thread, limits: gates(config).limits, since: now, told: BTreeMap::new() }
    }

    /// What is new. The first look tells what is open now, so that nothing falls between two connections. `None`: they are
    /// logged in no more.
    pub async fn look<P: Platform>(&mut self, p: &P) -> Result<Option<Vec<Told>>, Trouble> {
        let now = p.now();
        let since = self.since - LATE;
        self.since = now;
        let all = [
            log_in::session_of(&self.cookie, now),
            threads::changed(since, MOST, now),
            threads::open(Some(&self.agent.id), None, MOST, now),
            threads::waiting(None, MOST, now),
            agents::seen(&self.agent.id, now - Span(SEEN_WITHIN.0 / 2), now),
        ];
        let [session, changed, mine, waiting, _] = p.each(all).await?;
        if session.is_empty() {
            return Ok(None);
        }
        let mut told = Vec::new();
        for row in changed.0.into_iter().map(listed) {
            let about = format!("{}:{}", text(&row, "account_id"), text(&row, "customer_id"));
            self.tell(&mut told, "conversation", about, row);
        }
        let mine: Vec<Value> = mine.0.into_iter().map(listed).collect();
        self.tell(&mut told, "mine", "mine".to_owned(), json!(mine));
        let waiting: Vec<Value> = waiting.0.into_iter().map(listed).collect();
        self.tell(&mut told, "waiting", "waiting".to_owned(), json!(waiting));
        if let Some(id) = self.thread.clone() {
            let thread = seen_by_people(p, &self.limits, &id, Part::Latest).await?;
            self.tell(&mut told, "thread", "thread".to_owned(), thread);
        }
        Ok(Some(told))
    }

    fn tell(&mut self, told: &mut Vec<Told>, event: &'static str, about: String, data: Value) {
        let hash: [u8; 32] = Sha256::digest(data.to_string().as_bytes()).into();
        if self.told.insert(about, hash) != Some(hash) {
            told.push((event, data));
        }
    }
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}
