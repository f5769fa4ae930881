//! What is owed, as a call to X: a message with its options and buttons, a post, a sign of attention.

use crate::bot::message::{Button, Message, Post, Target};
use crate::store::media::Carried;
use crate::store::outbox::{Kind, Sending};
use crate::x_api::dm::{self, Attachment, Cta, Outgoing, QuickOption, QuickReply};
use crate::x_api::ids::MediaId;
use crate::x_api::posts::{self, NewPost, Reply};
use crate::x_api::request::Call;
use crate::x_api::{intents, signals};

/// `prompt` is the link of the button below a post; `carried` the file of a message, on X by now.
pub fn call(base: &str, sending: &Sending, prompt: Option<&str>, carried: Option<&Carried>) -> Call {
    let customer = &sending.conversation.customer;
    match sending.kind {
        Kind::Dm => message(base, sending, carried),
        Kind::Post => post(base, sending, prompt),
        Kind::Typing => signals::typing(base, customer),
        Kind::Read => signals::mark_read(base, customer, &sending.read_up_to()),
    }
}

fn message(base: &str, sending: &Sending, carried: Option<&Carried>) -> Call {
    let message = sending.message();
    // A file that X would not take is left out: the words still go.
    let media = carried.filter(|carried| carried.status == "ready").and_then(|carried| carried.x_id.as_ref());
    with_data(&message, media, |data| dm::send(base, &sending.conversation.customer, data))
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
    let links: Vec<String> = buttons.iter().map(link).collect();
    let ctas = buttons.iter().zip(&links).map(|(button, link)| Cta::to(&button.label, link)).collect();
    then(&Outgoing { text, quick_reply: QuickReply::of(options), ctas, attachment: media.map(Attachment::of) })
}

/// Where a button leads, as X opens it.
fn link(button: &Button) -> String {
    match &button.target {
        Target::Url(url) => url.clone(),
        Target::Post { text, url } => intents::post(text, url.as_deref()),
        Target::Follow(username) => intents::follow(username),
        Target::Message(id) => intents::message(id),
    }
}

fn post(base: &str, sending: &Sending, prompt: Option<&str>) -> Call {
    let Post { text, in_reply_to, .. } = sending.post();
    let text = posts::fitted(&text);
    let reply = in_reply_to.as_deref().map(|id| Reply { in_reply_to_tweet_id: id });
    posts::create(base, &NewPost { text: &text, reply, direct_message_deep_link: prompt })
}
