//! Items as they are first written down.

use serde::{Deserialize, Serialize};

use crate::store::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// Rows in one statement hold about this much, in bytes: D1 takes 2 MB a parameter.
const LARGEST_PARAMETER: usize = 400_000;
const LARGEST_ROW: usize = 1_000_000;

/// An item as it is first written down.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    pub key: String,
    pub account_id: UserId,
    pub customer_id: Option<UserId>,
    pub kind: &'static str,
    pub event_id: String,
    pub created_at: Timestamp,
    pub received_at: Timestamp,
    pub raw: String,
    pub status: &'static str,
    pub outcome: Option<&'static str>,
    pub due_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    /// Nobody is to take it before; 0: at once.
    pub not_before: Timestamp,
    /// A message of the account itself: where it is known as one that we sent, it is handled as it is written down.
    pub is_own: bool,
}

/// What stands in the inbox from now on, and how.
#[derive(Clone, Debug, Deserialize)]
pub struct Arrived {
    pub key: String,
    pub status: String,
}

/// What could not be read gives way to the same in a shape that can be.
macro_rules! unless_it_is_there {
    () => {
        " ON CONFLICT (key) DO UPDATE SET customer_id = excluded.customer_id, created_at = excluded.created_at, raw = excluded.raw,
           status = excluded.status, outcome = excluded.outcome, due_at = excluded.due_at, settled_at = excluded.settled_at,
           not_before = excluded.not_before WHERE inbox.status = 'set_aside' AND excluded.status <> 'set_aside'"
    };
}

/// Writes down what is new, and gives it as [`Arrived`]; what stands there already stays as it is.
pub fn insert(arrivals: &[Arrival]) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut rows: Vec<String> = Vec::new();
    let mut size = 0;
    for arrival in arrivals {
        let row = serde_json::to_string(arrival).unwrap_or_default();
        if row.len() > LARGEST_ROW {
            statements.push(insert_alone(arrival));
            continue;
        }
        if size + row.len() > LARGEST_PARAMETER && !rows.is_empty() {
            statements.push(insert_rows(&rows));
            rows.clear();
            size = 0;
        }
        size += row.len();
        rows.push(row);
    }
    if !rows.is_empty() {
        statements.push(insert_rows(&rows));
    }
    statements
}

/// An item so large that its JSON within JSON might pass what a parameter takes.
fn insert_alone(arrival: &Arrival) -> Statement {
    Statement::new(
        concat!(
            "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, due_at, settled_at, not_before)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            unless_it_is_there!()
        ),
        [
            arrival.key.as_str().into(),
            (&arrival.account_id).into(),
            arrival.customer_id.as_ref().into(),
            arrival.kind.into(),
            arrival.event_id.as_str().into(),
            arrival.created_at.into(),
            arrival.received_at.into(),
            arrival.raw.as_str().into(),
            arrival.status.into(),
            arrival.outcome.into(),
            arrival.due_at.into(),
            arrival.settled_at.into(),
            arrival.not_before.into(),
        ],
    )
}

fn insert_rows(rows: &[String]) -> Statement {
    Statement::new(
        concat!(
            "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, due_at, settled_at, not_before)
         SELECT value->>'key', value->>'account_id', value->>'customer_id', value->>'kind', value->>'event_id', value->>'created_at',
           value->>'received_at', value->>'raw', iif(ours.id IS NULL, value->>'status', 'handled'), iif(ours.id IS NULL, value->>'outcome', 'ours'),
           iif(ours.id IS NULL, value->>'due_at', NULL), iif(ours.id IS NULL, value->>'settled_at', value->>'received_at'), value->>'not_before'
         FROM json_each(?1) LEFT JOIN outbox ours
           ON value->>'is_own' AND ours.account_id = value->>'account_id' AND ours.x_id = value->>'event_id'
         WHERE true",
            unless_it_is_there!(),
            " RETURNING key, status"
        ),
        [format!("[{}]", rows.join(",")).into()],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_delivery_is_written_in_several_statements_of_one_batch() {
        let arrival = |n: usize| Arrival {
            key: n.to_string(),
            account_id: "1".into(),
            customer_id: None,
            kind: "mention",
            event_id: n.to_string(),
            created_at: Timestamp(1),
            received_at: Timestamp(1),
            raw: "x".repeat(150_000),
            status: "recorded",
            outcome: None,
            due_at: None,
            settled_at: None,
            not_before: Timestamp(0),
            is_own: false,
        };
        let all: Vec<_> = (0..5).map(arrival).collect();
        assert_eq!(insert(&all).len(), 3);
        assert_eq!(insert(&all[..1]).len(), 1);
        assert!(insert(&[]).is_empty());
    }
}
