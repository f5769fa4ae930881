//! What a batch has written that is told: the rows that its statements give back with the column `told`.

use serde_json::Value;

use super::outbox::Kind;
use super::statement::Rows;
use crate::x_api::time::Timestamp;

#[derive(Clone, Copy, Debug)]
pub enum Written<'a> {
    Turn(Row<'a>),
    /// A row of `outbox` that a turn wrote.
    Owed,
    /// A row of `outbox` of which something has become.
    Message(Row<'a>),
}

/// Its columns are read one by one: what an older or a newer database lacks is not told.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a Value);

/// All of it, in the order of the statements.
pub fn written(rows: &[Rows]) -> impl Iterator<Item = Written<'_>> {
    rows.iter().flat_map(|rows| &rows.0).filter_map(|row| match row.get("told")?.as_str()? {
        "turn" => Some(Written::Turn(Row(row))),
        "owed" => Some(Written::Owed),
        "message" => Some(Written::Message(Row(row))),
        _ => None,
    })
}

impl<'a> Row<'a> {
    pub fn text(self, column: &str) -> Option<&'a str> {
        self.0.get(column)?.as_str()
    }

    #[allow(clippy::cast_possible_truncation)] // a number of D1's may come as a float, and is whole
    pub fn number(self, column: &str) -> Option<i64> {
        let value = self.0.get(column)?;
        value.as_i64().or_else(|| value.as_f64().map(|number| number as i64))
    }

    pub fn moment(self, column: &str) -> Option<Timestamp> {
        self.number(column).map(Timestamp)
    }

    pub fn kind(self) -> &'static str {
        Kind::named(self.text("kind").unwrap_or_default()).map_or("unknown", Kind::name)
    }
}
