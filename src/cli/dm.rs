//! `perch dm send`, `show`, `save` and `delete`: one Direct Message of an account, and the file that it carries.

use serde_json::{Value, json};

use super::answered;
use super::arguments::{Common, Dm};
use super::program::Streams;
use super::site::{NoAnswer, Site};

/// Types of files, and how a file of the type is named.
const ENDINGS: &[(&str, &str)] =
    &[("image/png", "png"), ("image/jpeg", "jpg"), ("image/gif", "gif"), ("image/webp", "webp"), ("video/mp4", "mp4")];

pub fn run(what: &Dm, common: &Common, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let account = common.account.as_deref();
    let body = |id: &str| json!({"account": account, "id": id});
    let done = Site::from_environment().and_then(|site| match what {
        Dm::Send { customer, text } => {
            site.post("/api/dm/send", &json!({"account": account, "customer": customer, "text": text}))
        }
        Dm::Show { id } => site.post("/api/dm/show", &body(id)),
        Dm::Delete { id } => site.post("/api/dm/delete", &body(id)),
        Dm::Save { id, output } => save(&site, id, account, output.as_deref()),
    });
    answered::print(done, common.json, streams, |answer| match what {
        Dm::Delete { id } => format!("Deleted: {id}"),
        Dm::Save { .. } => format!("Saved: {}", answer.get("file").and_then(Value::as_str).unwrap_or_default()),
        Dm::Send { .. } => sent(answer),
        Dm::Show { .. } => answered::whole(answer),
    })
}

fn sent(answer: &Value) -> String {
    let of = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    match of("/message/status") {
        Some("sent") => format!("Sent: {}", of("/message/x_id").unwrap_or_default()),
        Some("owed" | "sending") => "It waits, and goes out as soon as X takes it; see: perch trouble".to_owned(),
        _ => "It was not sent; see: perch trouble".to_owned(),
    }
}

fn save(site: &Site, id: &str, account: Option<&str>, to: Option<&str>) -> Result<(u16, Value), NoAnswer> {
    let account = account.map(|name| format!("&account={}", name.trim_start_matches('@'))).unwrap_or_default();
    let (status, kind, bytes) = site.file(&format!("/api/media/received?message={id}{account}"))?;
    if status != 200 {
        return Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()));
    }
    let ending = ENDINGS.iter().find(|(known, _)| *known == kind).map_or("bin", |(_, ending)| ending);
    let file = to.map_or_else(|| format!("{id}.{ending}"), str::to_owned);
    std::fs::write(&file, &bytes).map_err(|error| NoAnswer(format!("{file} cannot be written: {error}")))?;
    Ok((status, json!({"file": file, "type": kind, "bytes": bytes.len()})))
}
