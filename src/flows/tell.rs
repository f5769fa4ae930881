//! What a batch has written is told: the same act writes the row and the line.

use super::outcome::Unknown;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::outbox::Sending;
use crate::store::statement::{Rows, Statement};
use crate::store::written::{Row, Written, written};
use crate::told::{Id, Message, Ms, Told, Turn};
use crate::x_api::time::{Span, Timestamp};

/// Writes the batch down, and tells what it has written. `written_at`: when the customer wrote what the turn is about.
pub async fn write<P: Platform>(
    p: &P,
    batch: Vec<Statement>,
    written_at: Option<Timestamp>,
) -> Result<Vec<Rows>, Trouble> {
    let rows = p.sql(batch).await?;
    tell(p, &rows, written_at, None);
    Ok(rows)
}

/// Tells what these rows, given back by a batch, say that it has written. `call`: the message that was tried, and how long X
/// took; neither stands in a row.
pub fn tell<P: Platform>(p: &P, rows: &[Rows], written_at: Option<Timestamp>, call: Option<&(String, Span)>) {
    let now = p.now();
    let (mut turn, mut owed) = (None, 0);
    for one in written(rows) {
        match one {
            Written::Turn(row) => turn = Some(row),
            Written::Owed => owed += 1,
            Written::Message(row) => p.tell(&Told::Message(message(row, call, now))),
        }
    }
    if let Some(row) = turn {
        p.tell(&Told::Turn(of_turn(row, owed, written_at.map(|at| now - at))));
    }
}

/// X has not said what became of the message: its row stays as it is.
pub(super) fn tell_unknown<P: Platform>(p: &P, row: &Sending, said: &Unknown, took: Span) {
    p.tell(&Told::Message(Message {
        outcome: "unknown",
        kind: row.kind.name(),
        id: Id::of(&row.id),
        account: Id::of(row.conversation.account.as_str()),
        customer: Id::of(row.conversation.customer.as_str()),
        by: Id::of(&row.holder),
        status: said.status.map(i64::from),
        code: said.code,
        attempts: row.attempts,
        since_owed: (p.now() - row.created_at).into(),
        call: Some(took.into()),
        ..Message::default()
    }));
}

fn of_turn(row: Row<'_>, messages: usize, since_written: Option<Span>) -> Turn {
    Turn {
        account: id(row, "account_id"),
        customer: id(row, "customer_id"),
        number: row.number("number").unwrap_or_default(),
        cause: id(row, "cause"),
        by: id(row, "by"),
        node: row.text("node").map(Id::of),
        messages,
        since_written: since_written.map(Ms::from),
    }
}

fn message(row: Row<'_>, call: Option<&(String, Span)>, now: Timestamp) -> Message {
    let since = |column: &str| row.moment(column).map(|at| Ms::from(now - at));
    Message {
        outcome: outcome(row.text("status").unwrap_or_default()),
        kind: row.kind(),
        id: id(row, "id"),
        account: id(row, "account_id"),
        customer: id(row, "customer_id"),
        by: id(row, "holder"),
        x_id: row.text("x_id").map(Id::of),
        status: row.number("fault_status"),
        code: row.number("fault_code"),
        refusal: row.text("fault_name").map(Id::of),
        attempts: row.number("attempts").unwrap_or_default(),
        since_owed: since("created_at").unwrap_or_default(),
        call: call.filter(|(id, _)| row.text("id") == Some(id)).map(|(_, took)| (*took).into()),
        since_written: since("written_at"),
        since_received: since("received_at"),
    }
}

fn id(row: Row<'_>, column: &str) -> Id {
    Id::of(row.text(column).unwrap_or_default())
}

/// The words of the table, as they are told.
fn outcome(status: &str) -> &'static str {
    match status {
        "sent" => "sent",
        "failed" => "failed",
        "doubtful" => "doubtful",
        "dropped" => "dropped",
        "joined" => "joined",
        "owed" => "owed again",
        _ => "unknown",
    }
}
