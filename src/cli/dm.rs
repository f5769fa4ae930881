//! `perch dm show`, `save` and `delete`: one Direct Message of an account, and the file that it carries.

use serde_json::{Value, json};

use super::answered;
use super::program::Streams;
use super::site::{NoAnswer, Site};

pub struct Asked<'a> {
    pub what: What<'a>,
    pub id: &'a str,
    pub account: Option<&'a str>,
    pub json: bool,
}

#[derive(Clone, Copy)]
pub enum What<'a> {
    Show,
    Delete,
    /// The file of the message, to this path; `None`: named after the message.
    Save(Option<&'a str>),
}

/// Types of files, and how a file of the type is named.
const ENDINGS: &[(&str, &str)] =
    &[("image/png", "png"), ("image/jpeg", "jpg"), ("image/gif", "gif"), ("image/webp", "webp"), ("video/mp4", "mp4")];

pub fn run(asked: &Asked<'_>, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let done = Site::from_environment().and_then(|site| match asked.what {
        What::Show => site.post("/api/dm/show", &body(asked)),
        What::Delete => site.post("/api/dm/delete", &body(asked)),
        What::Save(to) => save(&site, asked, to),
    });
    answered::print(done, asked.json, streams, |answer| match asked.what {
        What::Delete => format!("Deleted: {}", asked.id),
        What::Save(_) => format!("Saved: {}", answer.get("file").and_then(Value::as_str).unwrap_or_default()),
        What::Show => answered::whole(answer),
    })
}

fn body(asked: &Asked<'_>) -> Value {
    json!({"account": asked.account, "id": asked.id})
}

fn save(site: &Site, asked: &Asked<'_>, to: Option<&str>) -> Result<(u16, Value), NoAnswer> {
    let account = asked.account.map(|account| format!("&account={account}")).unwrap_or_default();
    let (status, kind, bytes) = site.file(&format!("/api/media/received?message={}{account}", asked.id))?;
    if status != 200 {
        return Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()));
    }
    let ending = ENDINGS.iter().find(|(known, _)| *known == kind).map_or("bin", |(_, ending)| ending);
    let file = to.map_or_else(|| format!("{}.{ending}", asked.id), str::to_owned);
    std::fs::write(&file, &bytes).map_err(|error| NoAnswer(format!("{file} cannot be written: {error}")))?;
    Ok((status, json!({"file": file, "type": kind, "bytes": bytes.len()})))
}
