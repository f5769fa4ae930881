//! A message from the account itself: ours come back, or somebody's who typed it elsewhere.

use super::handoff::{self, Start};
use super::judge;
use super::outcome::on_x;
use super::outgoing::as_text;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{Conversation, ConversationId};
use crate::store::entries;
use crate::store::handoffs::Handoff;
use crate::store::inbox::{self, Taken};
use crate::store::outbox::{self, Sending};
use crate::store::statement::Statement;
use crate::x_api::event::{Message, fold, unescape};
use crate::x_api::time::{Span, Timestamp};

/// X's clock and ours may differ by so much.
const CLOCKS_DIFFER: Span = Span::minutes(2);

/// The conversation that it was seen in.
pub struct Scene<'a> {
    pub id: &'a ConversationId,
    pub account: &'a Account,
    pub conversation: Option<&'a Conversation>,
    pub handoff: Option<&'a Handoff>,
}

/// What is written for it. Most are known as ours when they arrive (see [`inbox::insert`]) and do not come here.
pub async fn settle<P: Platform>(
    p: &P,
    scene: &Scene<'_>,
    open: &[Sending],
    taken: &Taken,
    echo: &Message,
) -> Result<Vec<Statement>, Trouble> {
    let (id, now) = (scene.id, p.now());
    let ids = serde_json::to_string(&[&echo.id]).unwrap_or_default();
    let is_known = !p.rows(outbox::known_among(&id.account, ids)).await?.is_empty();
    Ok(if is_known {
        vec![inbox::settle(&taken.key, "handled", "ours", now)]
    } else if let Some(ours) = open.iter().find(|row| is_echo_of(echo, row)) {
        let mut batch = on_x(ours, &echo.id, echo.created, now);
        batch.push(inbox::settle(&taken.key, "handled", "ours, known by this echo", now));
        batch
    } else if let Some(row) = open.iter().find(|row| row.status == "sending" && row.lease_until >= now) {
        // Its call may still bring the id of this very echo.
        vec![inbox::defer(&taken.key, row.lease_until + Span::seconds(1))]
    } else {
        foreign(scene, taken, echo, now)
    })
}

/// Whether `seen` on X is the message that `row` was to become: same customer, not older than the intent, same options,
/// same text but for links and white space.
pub fn is_echo_of(seen: &Message, row: &Sending) -> bool {
    let owed = row.message();
    let offered: Vec<&str> = owed.options.iter().map(|option| option.id.as_str()).collect();
    seen.recipient.as_ref() == Some(&row.conversation.customer)
        && seen.created >= row.intent_at - CLOCKS_DIFFER
        // X Activity may leave the options out; then the text alone has to do.
        && (seen.offered.is_empty() || seen.offered == offered)
        && [owed.text.clone(), as_text(&owed)].iter().any(|written| {
            same_text(seen, written) || owed.media.is_some() && same_text(&without_last_word(seen), written)
        })
}

/// X writes a link to the file of a message behind its text.
fn without_last_word(seen: &Message) -> Message {
    let text = seen.text.trim_end().rsplit_once(char::is_whitespace).map_or("", |(text, _)| text).to_owned();
    Message { text, ..seen.clone() }
}

fn same_text(seen: &Message, owed: &str) -> bool {
    let (seen, owed) = (seen.plain_text(), fold(owed));
    let words = |text: &str| text.split(' ').count();
    words(&seen) == words(&owed) && seen.split(' ').zip(owed.split(' ')).all(|(seen, owed)| same_word(seen, owed))
}

/// X writes its own links in place of ours, also of a bare `example.com`. Where it says for what, they were put back
/// already, with a scheme; where it does not, a link of X's stands for any link.
fn same_word(seen: &str, owed: &str) -> bool {
    let bare = |word: &str| {
        let word = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")).unwrap_or(word);
        word.trim_end_matches('/').to_owned()
    };
    seen == owed
        || (seen.contains("://")
            && (bare(seen) == bare(owed) || (seen.starts_with("https://t.co/") && owed.contains('.'))))
}

/// Typed in X's app, or sent by another program: a human holds the conversation from then on.
fn foreign(scene: &Scene<'_>, taken: &Taken, echo: &Message, now: Timestamp) -> Vec<Statement> {
    let id = scene.id;
    let received = echo.attachment.as_ref().map(|attachment| attachment.kind.as_str());
    let entry = entries::delivered(id, &echo.id, echo.created, "human", &unescape(&echo.text), received);
    // One that arrives late shortens nothing.
    let held = scene.conversation.is_some_and(|conversation| judge::held_by_human(conversation, now));
    let until = echo.created + handoff::app_holds(scene.account);
    if until <= now && !held {
        return vec![entry, inbox::settle(&taken.key, "handled", "typed by a human, long ago", now)];
    }
    let cause = format!("echo:{}", taken.key);
    let start = Start { id, account: scene.account, cause: &cause, by: "app", note: None, until };
    let mut batch = handoff::app_spoke(&start, scene.conversation, scene.handoff, now);
    batch.push(inbox::settle(&taken.key, "handled", "typed by a human, who holds the conversation now", now));
    batch.push(entry);
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(text: &str, options: &[&str]) -> Sending {
        let options: Vec<_> = options.iter().map(|id| json!({"id": id, "label": "a"})).collect();
        serde_json::from_value(json!({
            "id": "a", "account_id": "1", "customer_id": "2", "holder": "bot", "kind": "dm", "status": "sending",
            "body": json!({"text": text, "options": options}).to_string(),
            "created_at": 1_000_000, "intent_at": 1_000_000, "lease_until": 1_030_000, "attempts": 1, "looks": 0,
        }))
        .unwrap()
    }

    fn seen(text: &str, offered: &[&str], at: i64) -> Message {
        let options: Vec<_> = offered.iter().map(|id| json!({"label": "a", "metadata": id})).collect();
        Message::read(&json!({"id": "9", "created_timestamp": at, "message_create": {"sender_id": "1",
            "target": {"recipient_id": "2"}, "message_data": {"text": text, "quick_reply": {"options": options}}}}))
        .unwrap()
    }

    #[test]
    fn an_echo_is_known_by_recipient_time_options_and_text() {
        let ours = row("See  https://example.com/a now", &["menu/a"]);
        assert!(is_echo_of(&seen("See https://example.com/a now", &["menu/a"], 1_000_500), &ours));
        assert!(is_echo_of(&seen("See https://t.co/xyz now", &["menu/a"], 1_000_500), &ours), "X's own link");
        assert!(is_echo_of(&seen("See https://t.co/xyz\nnow", &[], 1_000_500), &ours), "no options told");
        assert!(!is_echo_of(&seen("See https://t.co/xyz now", &["menu/b"], 1_000_500), &ours), "other options");
        assert!(!is_echo_of(&seen("See https://t.co/xyz", &["menu/a"], 1_000_500), &ours), "other text");
        assert!(!is_echo_of(&seen("See https://example.com/a now", &["menu/a"], 100_000), &ours), "before the intent");
        assert!(!is_echo_of(&seen("https://t.co/x", &[], 1_000_500), &row("word", &[])), "a link is no word");
        assert!(
            is_echo_of(&seen("at http://example.com", &[], 1_000_500), &row("at example.com", &[])),
            "a bare domain"
        );
        assert!(
            !is_echo_of(&seen("at http://example.com", &[], 1_000_500), &row("at example.org", &[])),
            "another one"
        );
    }

    #[test]
    fn behind_the_words_of_a_file_x_writes_a_link() {
        let body = json!({"text": "Look", "media": {"file": "look.png"}}).to_string();
        let file: Sending = serde_json::from_value(json!({
            "id": "a", "account_id": "1", "customer_id": "2", "holder": "bot", "kind": "dm", "status": "sending", "body": body,
            "created_at": 1_000_000, "intent_at": 1_000_000, "lease_until": 1_030_000, "attempts": 1, "looks": 0,
        }))
        .unwrap();
        assert!(is_echo_of(&seen("Look https://t.co/xyz", &[], 1_000_500), &file));
        assert!(is_echo_of(&seen("Look", &[], 1_000_500), &file), "where X writes none");
        assert!(!is_echo_of(&seen("Hear https://t.co/xyz", &[], 1_000_500), &file), "other words");
        assert!(!is_echo_of(&seen("Look https://t.co/xyz", &[], 1_000_500), &row("Look", &[])), "no file");
    }

    #[test]
    fn another_customers_message_is_no_echo_of_this_one() {
        let mut message = seen("hi", &[], 1_000_500);
        message.recipient = Some("3".into());
        assert!(!is_echo_of(&message, &row("hi", &[])));
    }
}
