//! Texts that agents insert by name.

use serde_json::{Value, json};

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::Agent;
use crate::store::canned_answers;
use crate::x_api::dm::limits;

const LONGEST_NAME: usize = 60;

pub async fn all<P: Platform>(p: &P) -> Result<Vec<Value>, Trouble> {
    Ok(p.rows(canned_answers::all()).await?.0)
}

/// What is wrong with one, in words.
pub fn flaw(name: &str, text: &str) -> Option<&'static str> {
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    if !fits(name, LONGEST_NAME) {
        return Some("the name has 1 to 60 characters");
    }
    (!fits(text, limits::TEXT)).then_some("the text has 1 to 10,000 characters")
}

pub async fn save<P: Platform>(p: &P, agent: Option<&Agent>, name: &str, text: &str) -> Result<Value, Trouble> {
    let save = canned_answers::save(name.trim(), text, agent.map(|agent| agent.id.as_str()), p.now());
    p.sql(vec![save]).await?;
    Ok(json!({"ok": true, "name": name.trim()}))
}

pub async fn delete<P: Platform>(p: &P, name: &str) -> Result<Value, Trouble> {
    p.sql(vec![canned_answers::delete(name)]).await?;
    Ok(json!({"ok": true, "name": name}))
}
