//! One SQL statement as a value, and what comes back from it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub sql: &'static str,
    pub params: Vec<Param>,
}

/// Numbers cross to D1 as f64, so they stay below 2^53; ids are text.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    Null,
    Int(i64),
    Text(String),
}

/// The rows that one statement gave back (`SELECT`, or `RETURNING`), as JSON objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows(pub Vec<Value>);

/// A row that is not of the shape the code expects: the database is older or newer than the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misshapen(pub String);

impl Statement {
    pub fn new<const N: usize>(sql: &'static str, params: [Param; N]) -> Self {
        Self { sql, params: params.into() }
    }
}

/// The rows of so many statements, to be taken by their names.
pub fn named<const N: usize>(rows: Vec<Rows>) -> Result<[Rows; N], Misshapen> {
    rows.try_into().map_err(|rows: Vec<Rows>| Misshapen(format!("{} answers to {N} statements", rows.len())))
}

impl Rows {
    pub fn all<T: DeserializeOwned>(self) -> Result<Vec<T>, Misshapen> {
        // serde's own words quote the cell, which may be somebody's message.
        let row = |row| serde_json::from_value(row).map_err(|error| Misshapen(format!("{:?}", error.classify())));
        self.0.into_iter().map(row).collect()
    }

    pub fn first<T: DeserializeOwned>(mut self) -> Result<Option<T>, Misshapen> {
        self.0.truncate(1);
        Ok(self.all()?.pop())
    }

    /// One column, of texts.
    pub fn texts(self, name: &str) -> Result<Vec<String>, Misshapen> {
        let text = |row: Value| row.get(name).and_then(Value::as_str).map(str::to_owned);
        self.0.into_iter().map(text).collect::<Option<_>>().ok_or_else(|| Misshapen("Data".to_owned()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Timestamp> for Param {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.0)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&crate::x_api::ids::UserId> for Param {
    fn from(id: &crate::x_api::ids::UserId) -> Self {
        id.as_str().into()
    }
}

impl From<&crate::x_api::ids::DmId> for Param {
    fn from(id: &crate::x_api::ids::DmId) -> Self {
        id.as_str().into()
    }
}

impl<T: Into<Self>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
