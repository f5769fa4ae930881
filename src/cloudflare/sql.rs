//! Statements to D1 as one batch, which D1 runs as one transaction.

use serde_json::Value;
use wasm_bindgen::JsValue;
use worker::Env;

use crate::error::Trouble;
use crate::store::statement::{Param, Rows, Statement};

/// Binding of the database.
const DB: &str = "DB";

pub async fn batch(env: &Env, all: Vec<Statement>) -> Result<Vec<Rows>, Trouble> {
    let trouble = |error: worker::Error| trouble(&error);
    let db = env.d1(DB).map_err(trouble)?;
    let prepared: Result<Vec<_>, _> = all
        .into_iter()
        .map(|statement| {
            let params: Vec<JsValue> = statement.params.into_iter().map(value).collect();
            db.prepare(statement.sql).bind(&params)
        })
        .collect();
    let results = db.batch(prepared.map_err(trouble)?).await.map_err(trouble)?;
    results.into_iter().map(|result| result.results::<Value>().map(Rows).map_err(trouble)).collect()
}

#[allow(clippy::cast_precision_loss)] // ids are text; what is a number stays below 2^53
fn value(param: Param) -> JsValue {
    match param {
        Param::Null => JsValue::NULL,
        Param::Int(number) => (number as f64).into(),
        Param::Text(text) => text.into(),
    }
}

/// Only a broken uniqueness is somebody else's doing; everything else may pass.
fn trouble(error: &worker::Error) -> Trouble {
    let said = error.to_string();
    if said.contains("UNIQUE constraint failed") { Trouble::Conflict(said) } else { Trouble::Storage(said) }
}
