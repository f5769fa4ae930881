//! The store by itself: single statements over the real tables, where a whole flow hides which condition held.

use std::collections::BTreeMap;

use perch::store::conversations::ConversationId;
use perch::store::outbox::{self, Gates, Kind, Lane, Owed};
use perch::store::statement::{Rows, Statement};
use serde_json::Value;

use super::World;

/// A limit of so many messages in a quarter of an hour, whichever dialect the account speaks.
pub fn limit(cap: i64) -> Gates {
    let one = |speaks: &str| format!(r#"{{"whose":"account","speaks":"{speaks}","window":900000,"cap":{cap}}}"#);
    Gates { limits: format!("[{},{}]", one("rich"), one("plain")), ..free() }
}

/// No limits, and no cap.
pub fn free() -> Gates {
    Gates { limits: "[]".to_owned(), cap: None, message: 15, post: 200 }
}

pub fn conversation(account: &str, customer: &str) -> ConversationId {
    ConversationId { account: account.into(), customer: customer.into() }
}

impl World {
    /// As the platform runs it, without anything that may go wrong.
    pub fn runs(&mut self, statement: Statement) -> Rows {
        self.inner.borrow_mut().runs(&[statement]).unwrap().remove(0)
    }

    /// A message that a turn of this number has written; its id.
    pub fn owes(&mut self, account: &str, customer: &str, turn: i64, kind: Kind, holder: &str) -> String {
        let cause = format!("{account}:{customer}:{turn}");
        let (media, body) = (None, r#"{"text":"hi"}"#.to_owned());
        let owed = Owed { kind, cause: &cause, turn, place: 0, holder, media, body };
        let now = self.now();
        self.runs(outbox::insert(&conversation(account, customer), &owed, now));
        format!("{cause}/0")
    }

    /// The message that this worker gets, if any; what it takes of the budget is counted.
    pub fn claims(&mut self, account: &str, customer: &str, worker: &str, gates: &Gates) -> Option<String> {
        self.claims_of(Lane::Messages, account, customer, worker, gates)
    }

    pub fn claims_of(
        &mut self,
        lane: Lane,
        account: &str,
        customer: &str,
        worker: &str,
        gates: &Gates,
    ) -> Option<String> {
        let now = self.now();
        let id = conversation(account, customer);
        let taken: Option<Value> = self.runs(outbox::claim(&id, worker, lane, gates, now)).first().unwrap();
        self.runs(perch::store::budgets::reserve(&id, worker, &gates.limits, now));
        taken.map(|row| row["id"].as_str().unwrap().to_owned())
    }
}

impl World {
    /// What the statement changes in the rows of the query, each as `row column: value`; a row is known by its first column.
    pub fn changes(&mut self, query: &'static str, statement: Statement) -> Vec<String> {
        let before = self.cells(query);
        self.runs(statement);
        let after = self.cells(query);
        let gone =
            before.iter().filter(|(cell, _)| !after.contains_key(*cell)).map(|(cell, _)| format!("{cell}: gone"));
        let changed = after.iter().filter(|(cell, value)| before.get(*cell) != Some(*value));
        changed.map(|(cell, value)| format!("{cell}: {value}")).chain(gone).collect()
    }

    fn cells(&self, query: &'static str) -> BTreeMap<String, Value> {
        let cells = |row: Value| {
            let row = row.as_object().unwrap().clone();
            let name = ["id", "key", "cause"].iter().find_map(|key| row.get(*key)).unwrap().clone();
            row.into_iter().map(move |(column, value)| (format!("{} {column}", name.as_str().unwrap()), value))
        };
        self.rows(query).into_iter().flat_map(cells).collect()
    }
}
