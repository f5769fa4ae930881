//! `perch welcome`, `perch rules`, `perch profiles`: what stands on X for the account; list, show, delete.

use serde_json::json;

use super::answered;
use super::program::Streams;
use super::site::Site;

pub struct Asked<'a> {
    /// `welcome`, `rule` or `profile`.
    pub thing: &'static str,
    pub what: What<'a>,
    pub account: Option<&'a str>,
    pub json: bool,
}

#[derive(Clone, Copy)]
pub enum What<'a> {
    List,
    Show(&'a str),
    Delete(&'a str),
}

/// The commands, and what each is about.
pub const COMMANDS: &[(&str, &str)] = &[("welcome", "welcome"), ("rules", "rule"), ("profiles", "profile")];

pub fn run(asked: &Asked<'_>, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let (path, id) = match asked.what {
        What::List => ("/api/on-x/list", None),
        What::Show(id) => ("/api/on-x/show", Some(id)),
        What::Delete(id) => ("/api/on-x/delete", Some(id)),
    };
    let body = json!({"account": asked.account, "what": asked.thing, "id": id.unwrap_or_default()});
    let done = Site::from_environment().and_then(|site| site.post(path, &body));
    answered::print(done, asked.json, streams, |answer| match asked.what {
        What::Delete(id) => format!("Deleted: {id}"),
        What::List | What::Show(_) => answered::whole(answer),
    })
}
