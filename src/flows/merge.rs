//! Messages of the bot that waited for the account's budget go out as one, where X shows text alone: it bills each.

use serde::Deserialize;

use super::outgoing::as_text;
use super::tell::write;
use crate::bot::message::Message;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::outbox::{self, Kind, Sending};
use crate::x_api::dialect::Speaks;
use crate::x_api::dm::limits;

/// A message that is owed right after the one that is being sent.
#[derive(Deserialize)]
struct Next {
    id: String,
    holder: String,
    kind: Kind,
    body: String,
    media: Option<String>,
}

/// The message that was claimed, with those that join it. They are written down as joined before anything is sent.
pub async fn merged<P: Platform>(p: &P, account: &Account, sending: Sending) -> Result<Sending, Trouble> {
    let waited = sending.created_at < account.spent_until;
    let first = sending.message();
    let is_of_a_kind = sending.kind == Kind::Dm && sending.holder == "bot" && !first.alone;
    if account.speaks != Speaks::Plain || !waited || !is_of_a_kind {
        return Ok(sending);
    }
    let next: Vec<Next> = p.all(outbox::next_to(&sending)).await?;
    let (message, joined) = join(first, &next);
    if joined.is_empty() {
        return Ok(sending);
    }
    let (ids, body) =
        (serde_json::to_string(&joined).unwrap_or_default(), serde_json::to_string(&message).unwrap_or_default());
    // Whatever became of the first try, the row says what it says now.
    let batch = outbox::join(&sending, &ids, &body);
    let rows = match write(p, batch.clone(), None).await {
        Err(Trouble::Storage(_)) => write(p, batch, None).await?,
        other => other?,
    };
    let now: Option<Sending> = rows.into_iter().next_back().unwrap_or_default().first()?;
    now.ok_or_else(|| Trouble::Conflict("the message was settled meanwhile".to_owned()))
}

/// As many as fit, in order; the numbers of the last one's options are those that count.
fn join(first: Message, next: &[Next]) -> (Message, Vec<&str>) {
    let mut message = first;
    let mut joined = Vec::new();
    for row in next {
        let Ok(more) = serde_json::from_str::<Message>(&row.body) else { break };
        if row.kind != Kind::Dm || row.holder != "bot" || row.media.is_some() || more.alone {
            break;
        }
        let former = as_text(&Message { by_label: true, ..message.clone() });
        let text = format!("{former}\n\n{}", more.text);
        let whole = Message { text, media: message.media.clone(), ..more };
        if as_text(&Message { by_label: true, ..whole.clone() }).chars().count() + 100 > limits::TEXT {
            break;
        }
        message = whole;
        joined.push(row.id.as_str());
    }
    (message, joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn next(id: &str, body: serde_json::Value) -> Next {
        Next { id: id.to_owned(), holder: "bot".to_owned(), kind: Kind::Dm, body: body.to_string(), media: None }
    }

    fn first() -> Message {
        serde_json::from_value(json!({"text": "One?", "options": [{"id": "a", "label": "Yes"}]})).unwrap()
    }

    #[test]
    fn what_joins_keeps_its_words_and_only_the_last_options_have_numbers() {
        let all = [next("b", json!({"text": "Two?", "options": [{"id": "c", "label": "No"}]}))];
        let (message, joined) = join(first(), &all);
        assert_eq!(joined, ["b"]);
        assert_eq!(as_text(&message), "One?\n\n- Yes\n\nTwo?\n\n1. No");
    }

    #[test]
    fn what_is_too_long_or_carries_a_file_or_stands_alone_goes_by_itself() {
        let long = next("b", json!({"text": "x".repeat(limits::TEXT)}));
        let file = Next { media: Some("hash".to_owned()), ..next("b", json!({"text": "Two"})) };
        let alone = next("b", json!({"text": "Two", "alone": true}));
        let human = Next { holder: "human".to_owned(), ..next("b", json!({"text": "Two"})) };
        for row in [long, file, alone, human] {
            assert!(join(first(), &[row, next("c", json!({"text": "Three"}))]).1.is_empty(), "nor what comes after it");
        }
    }
}
