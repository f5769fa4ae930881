//! What X was asked, counted.

use perch_simulator::Logged;

use super::World;

impl World {
    pub fn calls_to_starting_with(&self, path: &str) -> usize {
        self.inner.borrow().x.requests().iter().filter(|call| call.path.starts_with(path)).count()
    }

    /// How often X was asked to take a Direct Message.
    pub fn sends(&self) -> usize {
        let inner = self.inner.borrow();
        let sends = inner.x.requests().iter().filter(|call| {
            call.path == "/1.1/direct_messages/events/new.json"
                || (call.path.starts_with("/2/dm_conversations/") && call.path.ends_with("/messages"))
        });
        sends.count()
    }

    /// How often X was asked for the account's latest messages; the probe's one look aside.
    pub fn looks(&self) -> usize {
        self.inner.borrow().x.requests().iter().filter(|call| is_look(call)).count()
    }

    /// How many of these looks X had enough of.
    pub fn looks_refused(&self) -> usize {
        self.inner.borrow().x.requests().iter().filter(|call| is_look(call) && call.status == Some(429)).count()
    }

    /// How often X was called there.
    pub fn calls_to(&self, path: &str) -> usize {
        self.inner.borrow().x.requests().iter().filter(|call| call.path == path).count()
    }
}

fn is_look(call: &Logged) -> bool {
    call.path == "/1.1/direct_messages/events/list.json"
        || (call.path == "/2/dm_events" && !call.query.contains("max_results=1&"))
}
