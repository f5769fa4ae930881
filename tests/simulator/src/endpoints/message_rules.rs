//! What X lets into a Direct Message: every rule that its pages give, in one place.

use http::Uri;
use serde_json::Value;

use crate::answer::Refusal;
use crate::links::contains_link;
use crate::message::{Button, QuickOption};

/// A message that keeps the rules.
#[derive(Debug)]
pub(super) struct Proposed {
    pub recipient: String,
    pub content: Content,
    pub custom_profile: Option<String>,
}

/// What `message_data` says, in a message or in a welcome message.
#[derive(Debug)]
pub(super) struct Content {
    pub text: String,
    pub options: Vec<QuickOption>,
    pub buttons: Vec<Button>,
    /// The id of a file.
    pub attachment: Option<String>,
}

const TEXT: usize = 10_000;
/// X keeps ten characters of a welcome message for itself.
const WELCOME_TEXT: usize = 9_990;
const OPTIONS: usize = 20;
const LABEL: usize = 36;
const DESCRIPTION: usize = 72;
const METADATA: usize = 1_000;
const BUTTONS: usize = 3;

/// Reads the body of `events/new.json`. Unknown keys are tolerated.
pub(super) fn read(body: &[u8]) -> Result<Proposed, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| bad("event", "the body is no JSON"))?;
    let event = body.get("event").ok_or_else(|| missing("event"))?;
    if event.get("type").and_then(Value::as_str) != Some("message_create") {
        return Err(bad("event.type", "must be message_create"));
    }
    let create = event.get("message_create").ok_or_else(|| missing("event.message_create"))?;
    let recipient =
        create.pointer("/target/recipient_id").ok_or_else(|| missing("event.message_create.target.recipient_id"))?;
    let recipient = match recipient {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    if recipient.is_empty() || recipient.len() > 19 || !recipient.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad("target.recipient_id", "is not a valid Long"));
    }
    let data = create.get("message_data").ok_or_else(|| missing("event.message_create.message_data"))?;
    Ok(Proposed { recipient, content: content(data, TEXT)?, custom_profile: profile(create)? })
}

/// Reads the `message_data` of a welcome message.
pub(super) fn read_welcome(data: Option<&Value>) -> Result<Content, Refusal> {
    content(data.ok_or_else(|| missing("message_data"))?, WELCOME_TEXT)
}

/// X's pages show the id beside a welcome message's content as well as in it.
pub(super) fn read_welcome_profile(wrapper: &Value) -> Result<Option<String>, Refusal> {
    match (profile(wrapper)?, wrapper.get("message_data")) {
        (None, Some(data)) => profile(data),
        (beside, _) => Ok(beside),
    }
}

fn profile(given: &Value) -> Result<Option<String>, Refusal> {
    match given.get("custom_profile_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(_) => Err(bad("custom_profile_id", "must be a string")),
    }
}

fn content(data: &Value, longest: usize) -> Result<Content, Refusal> {
    Ok(Content {
        text: text(data, longest)?,
        options: options(data)?,
        buttons: buttons(data)?,
        attachment: attachment(data)?,
    })
}

fn attachment(data: &Value) -> Result<Option<String>, Refusal> {
    let Some(attachment) = data.get("attachment") else { return Ok(None) };
    if attachment.get("type").and_then(Value::as_str) != Some("media") {
        return Err(bad("attachment.type", "must be media"));
    }
    let id = attachment.pointer("/media/id").and_then(Value::as_str);
    id.map(|id| Some(id.to_owned())).ok_or_else(|| missing("attachment.media.id"))
}

fn text(data: &Value, longest: usize) -> Result<String, Refusal> {
    let text = data.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(missing("message_data.text"));
    }
    if text.chars().count() > longest {
        return Err(Refusal::new(354));
    }
    Ok(text.to_owned())
}

fn options(data: &Value) -> Result<Vec<QuickOption>, Refusal> {
    let Some(quick_reply) = data.get("quick_reply") else { return Ok(Vec::new()) };
    if quick_reply.get("type").and_then(Value::as_str) != Some("options") {
        return Err(bad("quick_reply.type", "must be options"));
    }
    let given = quick_reply.get("options").and_then(Value::as_array).ok_or_else(|| missing("quick_reply.options"))?;
    if given.is_empty() || given.len() > OPTIONS {
        return Err(bad("quick_reply.options", "size must be between 1 and 20"));
    }
    let options = given.iter().map(option).collect::<Result<Vec<_>, _>>()?;
    let described = options.iter().filter(|option| option.description.is_some()).count();
    if described != 0 && described != options.len() {
        return Err(bad("quick_reply.options.description", "must be present for all options or for none"));
    }
    Ok(options)
}

fn option(given: &Value) -> Result<QuickOption, Refusal> {
    let label = label(given, "quick_reply.options.label")?;
    if contains_link(&label) {
        return Err(bad("quick_reply.options.label", "must not contain a URL"));
    }
    Ok(QuickOption {
        label,
        description: optional(given, "description", "quick_reply.options.description", DESCRIPTION)?,
        metadata: optional(given, "metadata", "quick_reply.options.metadata", METADATA)?,
    })
}

fn buttons(data: &Value) -> Result<Vec<Button>, Refusal> {
    let Some(given) = data.get("ctas") else { return Ok(Vec::new()) };
    let given = given.as_array().ok_or_else(|| bad("ctas", "must be an array"))?;
    if given.is_empty() || given.len() > BUTTONS {
        return Err(bad("ctas", "size must be between 1 and 3"));
    }
    given.iter().map(button).collect()
}

fn button(given: &Value) -> Result<Button, Refusal> {
    if given.get("type").and_then(Value::as_str) != Some("web_url") {
        return Err(bad("ctas.type", "must be web_url"));
    }
    let label = label(given, "ctas.label")?;
    let url = given.get("url").and_then(Value::as_str).ok_or_else(|| missing("ctas.url"))?;
    let uri = url.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    if !uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https"))) {
        return Err(bad("ctas.url", "must be a valid http or https URL"));
    }
    Ok(Button { label, url: url.to_owned(), tco_url: String::new() })
}

fn label(given: &Value, field: &str) -> Result<String, Refusal> {
    match optional(given, "label", field, LABEL)? {
        Some(label) if !label.trim().is_empty() => Ok(label),
        _ => Err(missing(field)),
    }
}

fn optional(given: &Value, key: &str, field: &str, most: usize) -> Result<Option<String>, Refusal> {
    match given.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
        Some(Value::String(_)) => Err(bad(field, &format!("size must be between 0 and {most}"))),
        Some(_) => Err(bad(field, "must be a string")),
    }
}

/// The number is from the field and may differ (x-api.md gives none for these).
pub(super) fn bad(field: &str, why: &str) -> Refusal {
    Refusal::saying(214, format!("{field}: {why}"))
}

pub(super) fn missing(field: &str) -> Refusal {
    Refusal::saying(357, format!("{field}: queryParam is required"))
}
