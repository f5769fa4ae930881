//! `perch post`: a public post by the account, with a picture if wanted.

use std::path::Path;

use serde_json::{Value, json};

use super::answered;
use super::arguments::Common;
use super::media_files;
use super::program::Streams;
use super::site::{NoAnswer, Site};
use super::upload;

pub struct Asked<'a> {
    pub text: &'a str,
    pub reply_to: Option<&'a str>,
    pub media: Option<&'a str>,
}

pub fn run(asked: &Asked<'_>, common: &Common, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let posted = Site::from_environment().and_then(|site| {
        let media = asked.media.map(|file| bring(&site, file, common.json, streams)).transpose()?;
        let body = json!({"account": common.account, "text": asked.text, "reply_to": asked.reply_to, "media": media});
        site.post("/api/posts", &body)
    });
    answered::print(posted, common.json, streams, |answer| {
        format!("Posted: {}", answer.get("url").and_then(Value::as_str).unwrap_or_default())
    })
}

/// The file brought to the deployment; its hash.
fn bring(site: &Site, file: &str, quiet: bool, streams: &mut Streams<'_>) -> Result<String, NoAnswer> {
    let path = Path::new(file);
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let found = media_files::one(folder, name).map_err(|(cause, mend)| NoAnswer(format!("{cause} {mend}")))?;
    let files = [found];
    let hashes = upload::hashes(&files)?;
    upload::upload(site, &files, &hashes, quiet, streams)?;
    hashes.into_values().next().ok_or_else(|| NoAnswer(format!("{file} cannot be read")))
}
