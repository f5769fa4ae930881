//! The queue: at least once, delayed where asked, a hundred tries, then the dead-letter queue.

use std::collections::BTreeMap;

use perch::flows::handle_job::QueueMessage;
use perch::job::Queued;
use perch::x_api::time::{Span, Timestamp};

/// A message whose worker died is handed out again after this.
const VISIBLE_AGAIN: Span = Span::seconds(60);
const MOST_TRIES: u32 = 100;

#[derive(Default)]
pub struct Queue {
    messages: BTreeMap<String, (QueueMessage, Timestamp)>,
    count: usize,
}

impl Queue {
    pub fn put(&mut self, queued: &Queued, now: Timestamp) {
        let body = serde_json::to_string(&queued.job).unwrap();
        assert!(body.len() <= 128_000, "the real queue takes 128 KB");
        assert!(queued.delay_seconds <= 43_200, "the real queue delays by 12 hours at most");
        self.put_text(body, now + Span::seconds(queued.delay_seconds.into()));
    }

    pub fn put_text(&mut self, body: String, ready: Timestamp) {
        self.count += 1;
        let id = format!("m{:06}", self.count);
        let taken = QueueMessage { id: id.clone(), queue: "perch".to_owned(), body, attempts: 0 };
        self.messages.insert(id, (taken, ready));
    }

    /// A job that the first queue gave up.
    pub fn put_dead(&mut self, body: String) {
        self.put_text(body, Timestamp(0));
        if let Some((taken, _)) = self.messages.values_mut().last() {
            taken.queue = "perch-dead".to_owned();
        }
    }

    /// Every message that is ready, each handed out once for now.
    pub fn take_ready(&mut self, now: Timestamp) -> Vec<QueueMessage> {
        let mut all = Vec::new();
        for (taken, ready) in self.messages.values_mut().filter(|(_, ready)| *ready <= now) {
            *ready = now + VISIBLE_AGAIN;
            taken.attempts += 1;
            all.push(taken.clone());
        }
        all
    }

    pub fn next_ready(&self) -> Option<Timestamp> {
        self.messages.values().map(|(_, ready)| *ready).min()
    }

    pub fn ack(&mut self, id: &str) {
        self.messages.remove(id);
    }

    pub fn retry(&mut self, id: &str, at: Timestamp) {
        if let Some((taken, ready)) = self.messages.get_mut(id) {
            *ready = at;
            if taken.attempts > MOST_TRIES && taken.queue == "perch" {
                taken.queue = "perch-dead".to_owned();
                taken.attempts = 0;
            }
        }
    }

    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// The bodies of what waits, oldest first.
    pub fn bodies(&self) -> Vec<&str> {
        self.messages.values().map(|(taken, _)| taken.body.as_str()).collect()
    }

    /// A restart of the local runtime: its queue lives in memory.
    pub fn forget(&mut self) {
        self.messages.clear();
    }
}
