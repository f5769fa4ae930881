//! `perch dm show` and `perch dm delete`: one Direct Message of an account.

use serde_json::{Value, json};

use super::program::Streams;
use super::site::{NoAnswer, Site};

pub struct Asked<'a> {
    pub delete: bool,
    pub id: &'a str,
    pub account: Option<&'a str>,
    pub json: bool,
}

pub fn run(asked: &Asked<'_>, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let path = if asked.delete { "/api/dm/delete" } else { "/api/dm/show" };
    let body = json!({"account": asked.account, "id": asked.id});
    match Site::from_environment().and_then(|site| site.post(path, &body)) {
        Ok((status, answer)) => {
            let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            match (status, asked.json) {
                (_, true) => writeln!(streams.output, "{answer}")?,
                (200, _) if asked.delete => writeln!(streams.output, "Deleted: {}", asked.id)?,
                (200, _) => writeln!(streams.output, "{}", serde_json::to_string_pretty(&answer)?)?,
                _ => writeln!(streams.output, "perch: {} {}", said("detail"), said("what_to_do"))?,
            }
            Ok(u8::from(status != 200))
        }
        Err(NoAnswer(why)) => {
            writeln!(streams.output, "perch: {why}")?;
            Ok(2)
        }
    }
}
