//! One thing that happened on X, read from whichever body carried it. Inbound, so anything may be missing.

use serde_json::Value;

use super::attachment::Attachment;
use super::customer_sign::Sign;
use super::ids::{AppId, DmId, PostId, UserId, WelcomeMessageId};
use super::public_act::PublicAct;
use super::replay::Ended;
use super::revocation::Revocation;
use super::time::Timestamp;

/// What an item of a delivery turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Message(Message),
    /// Something that somebody else did in public, towards the account.
    Act(PublicAct),
    Revoked(Revocation),
    /// Recorded and shown, since nobody can read it here.
    Encrypted(Encrypted),
    Replayed(Ended),
    /// Somebody types, or has read.
    Sign(Sign),
    /// Recorded, shown, and nothing more so far.
    Other,
}

/// A Direct Message, in or out.
///
/// See [X docs: Account Activity payloads](https://docs.x.com/x-api/account-activity/introduction).
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub id: DmId,
    pub sender: UserId,
    /// `None`: several people, or nobody named.
    pub recipient: Option<UserId>,
    pub created: Timestamp,
    /// Without the link to the attachment that X puts behind it.
    pub text: String,
    /// The metadata of the option that was tapped.
    pub option: Option<String>,
    /// The metadata of the options that were offered: what an echo of ours carries.
    pub offered: Vec<String>,
    /// The welcome message that was shown before it.
    pub welcome: Option<WelcomeMessageId>,
    /// The post whose button opened the conversation.
    pub post: Option<PostId>,
    /// Missing from X Activity, so its absence proves nothing.
    pub app: Option<AppId>,
    /// Links as the customer sees them, by what X wrote in the text instead.
    pub links: Vec<(String, String)>,
    pub attachment: Option<Attachment>,
}

/// A message of X Chat, which only the two who write can read: what can be told of it without its key.
///
/// See [X docs: X Activity payloads](https://docs.x.com/x-api/activity/event-payloads).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encrypted {
    pub id: DmId,
    pub sender: UserId,
}

/// Why an item could not be read. It is set aside with this, and its neighbours go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

impl Encrypted {
    pub(super) fn read(item: &Value) -> Option<Self> {
        Some(Self { id: text(item, "/id")?.into(), sender: text(item, "/sender_id")?.into() })
    }
}

impl Message {
    pub fn read(item: &Value) -> Result<Self, Unreadable> {
        let id = text(item, "/id").ok_or(Unreadable("the message has no id"))?;
        let sender = text(item, "/message_create/sender_id").ok_or(Unreadable("the message has no sender_id"))?;
        let created = number(item, "/created_timestamp").and_then(Timestamp::sensible);
        let created = created.ok_or(Unreadable("the message has no created_timestamp that is a time"))?;
        let said = |key: &str| item.pointer(&format!("/message_create/message_data{key}"));
        let group = item.pointer("/message_create/target/group_id").is_some()
            || item.pointer("/message_create/target/conversation_id").is_some();
        let recipient = text(item, "/message_create/target/recipient_id").filter(|_| !group);
        let links: Vec<(String, String)> = list(said("/entities/urls"))
            .filter_map(|link| Some((text(link, "/url")?, text(link, "/expanded_url")?)))
            .collect();
        let attachment = said("").and_then(Attachment::read);
        let written = said("/text").and_then(Value::as_str).unwrap_or_default();
        Ok(Self {
            id: id.into(),
            sender: sender.into(),
            recipient: recipient.map(UserId::from),
            created,
            text: if attachment.is_some() { without_link_to_media(written, &links) } else { written.to_owned() },
            option: said("/quick_reply_response/metadata").and_then(as_text),
            offered: list(said("/quick_reply/options")).filter_map(|option| text(option, "/metadata")).collect(),
            welcome: text(item, "/initiated_via/welcome_message_id").map(WelcomeMessageId::from),
            post: text(item, "/initiated_via/tweet_id").map(PostId::from),
            app: text(item, "/message_create/source_app_id").map(AppId::from),
            links,
            attachment,
        })
    }

    /// The other person, seen from `account`. `None` for a group and for a message that does not concern the account.
    pub fn other_than(&self, account: &UserId) -> Option<&UserId> {
        let recipient = self.recipient.as_ref()?;
        match (&self.sender == account, recipient == account) {
            (true, _) => Some(recipient),
            (false, true) => Some(&self.sender),
            (false, false) => None,
        }
    }

    /// The text with X's short links put back to what was written, without X's escapes, and white space folded: how an
    /// echo is compared.
    pub fn plain_text(&self) -> String {
        let text = self.links.iter().fold(self.text.clone(), |text, (short, long)| text.replace(short, long));
        fold(&text)
    }
}

fn without_link_to_media(written: &str, links: &[(String, String)]) -> String {
    let of_media = links.iter().filter(|(_, long)| long.contains("/messages/media/"));
    of_media.fold(written.to_owned(), |text, (short, _)| text.replace(short, "")).trim_end().to_owned()
}

/// X's escapes read: `&lt;`, `&gt;`, `&amp;`.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// White space folded and `&lt;`, `&gt;`, `&amp;` read, so that two spellings of one text compare alike.
pub fn fold(text: &str) -> String {
    unescape(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string, or a whole number written as one: X spells ids both ways.
pub(super) fn text(item: &Value, pointer: &str) -> Option<String> {
    item.pointer(pointer).and_then(as_text)
}

pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, or a string of one: X spells timestamps both ways.
pub(super) fn number(item: &Value, pointer: &str) -> Option<i64> {
    match item.pointer(pointer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_needs_id_sender_and_time_and_nothing_else() {
        let bare = json!({"id": 5, "created_timestamp": 7, "message_create": {"sender_id": 9_007_199_254_740_993_i64}});
        let message = Message::read(&bare).unwrap();
        assert_eq!(message.id.as_str(), "5");
        assert_eq!(message.sender.as_str(), "9007199254740993");
        assert_eq!(message.recipient, None);
        assert!(Message::read(&json!({"id": "5"})).is_err());
        assert!(Message::read(&json!("a string")).is_err());
    }

    #[test]
    fn an_escaped_text_compares_like_a_plain_one() {
        assert_eq!(fold("a &lt;b&gt; &amp; c"), fold("a <b> & c"));
    }

    #[test]
    fn links_and_white_space_do_not_matter_to_a_comparison() {
        let item = json!({"id": "1", "created_timestamp": "2", "message_create": {"sender_id": "3", "message_data": {
            "text": "See  https://t.co/abc\nnow", "entities": {"urls": [
                {"url": "https://t.co/abc", "expanded_url": "https://example.com/x"}]}}}});
        assert_eq!(Message::read(&item).unwrap().plain_text(), "See https://example.com/x now");
    }
}
