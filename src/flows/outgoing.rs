//! What is owed, as a call to X: a message with its options and buttons, or a post.

use crate::bot::message::{Message, Post};
use crate::bot::plain;
use crate::config::link;
use crate::store::media::Carried;
use crate::store::outbox::{Kind, Sending};
use crate::x_api::dialect::Speaks;
use crate::x_api::dm::{self, Attachment, Cta, Outgoing, QuickOption, QuickReply, limits};
use crate::x_api::dm_v2;
use crate::x_api::ids::{MediaId, ProfileId};
use crate::x_api::posts::{self, NewPost, Reply};
use crate::x_api::request::Call;

/// What a message needs to know of X, besides what it says.
#[derive(Default)]
pub struct Known<'a> {
    pub speaks: Speaks,
    /// The link of the button below a post.
    pub prompt: Option<String>,
    /// The file of a message or a post, on X by now.
    pub carried: Option<&'a Carried>,
    /// Who says it.
    pub speaker: Option<ProfileId>,
}

impl Known<'_> {
    /// One that X would not take is left out: the words still go.
    fn file(&self) -> Option<&MediaId> {
        self.carried.filter(|carried| carried.status == "ready").and_then(|carried| carried.x_id.as_ref())
    }
}

pub fn call(base: &str, sending: &Sending, known: &Known<'_>) -> Call {
    match sending.kind {
        Kind::Dm => message(base, sending, known),
        Kind::Post => post(base, sending, known),
    }
}

fn message(base: &str, sending: &Sending, known: &Known<'_>) -> Call {
    let message = sending.message();
    let media = known.file();
    let customer = &sending.conversation.customer;
    match known.speaks {
        Speaks::Rich => with_data(&message, media, |data| dm::send(base, customer, data, known.speaker.as_ref())),
        Speaks::Plain => dm_v2::send(base, customer, &as_text(&message), media),
    }
}

/// The message where X shows neither options nor buttons. What does not fit is cut from its words, not from its ways on.
pub fn as_text(message: &Message) -> String {
    let whole = plain::render(message, link);
    let too_many = whole.chars().count().saturating_sub(limits::TEXT);
    if too_many == 0 {
        return whole;
    }
    let kept = message.text.chars().count().saturating_sub(too_many + 1);
    let text: String = message.text.chars().take(kept).chain(['…']).collect();
    plain::render(&Message { text, ..message.clone() }, link)
}

/// The message as X wants it written.
pub fn with_data<T>(message: &Message, media: Option<&MediaId>, then: impl FnOnce(&Outgoing<'_>) -> T) -> T {
    let Message { text, options, buttons, .. } = message;
    let options = options
        .iter()
        .map(|option| QuickOption {
            label: &option.label,
            description: option.description.as_deref(),
            metadata: &option.id,
        })
        .collect();
    let links: Vec<String> = buttons.iter().map(|button| link(&button.target)).collect();
    let ctas = buttons.iter().zip(&links).map(|(button, link)| Cta::to(&button.label, link)).collect();
    then(&Outgoing { text, quick_reply: QuickReply::of(options), ctas, attachment: media.map(Attachment::of) })
}

fn post(base: &str, sending: &Sending, known: &Known<'_>) -> Call {
    let Post { text, in_reply_to, .. } = sending.post();
    let text = posts::fitted(&text);
    let reply = in_reply_to.as_deref().map(|id| Reply { in_reply_to_tweet_id: id });
    let (media, direct_message_deep_link) = (known.file().map(posts::Media::of), known.prompt.as_deref());
    posts::create(base, &NewPost { text: &text, reply, media, direct_message_deep_link })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::message::{Button, Choice, Target};

    #[test]
    fn as_text_only_the_words_are_cut_to_what_x_takes() {
        let ways_on = "\n\nWrite: https://twitter.com/messages/compose?recipient_id=17\n\n1. Back";
        let message = |text: String| Message {
            text,
            buttons: vec![Button { label: "Write".to_owned(), target: Target::Message("17".to_owned()) }],
            options: vec![Choice { label: "Back".to_owned(), ..Choice::default() }],
            ..Message::default()
        };
        let room = limits::TEXT - ways_on.len();
        for length in [1, room] {
            let words = "é".repeat(length);
            assert_eq!(as_text(&message(words.clone())), format!("{words}{ways_on}"));
        }
        for length in [room + 1, room + 500] {
            let cut = as_text(&message("é".repeat(length)));
            assert_eq!(cut, format!("{}…{ways_on}", "é".repeat(room - 1)));
            assert_eq!(cut.chars().count(), limits::TEXT);
        }
    }
}
