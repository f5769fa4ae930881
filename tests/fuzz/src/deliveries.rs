//! What X posts: no item is lost or changed, each says alone what it says in company, and what is kept can be read again.

use perch::x_api::delivery::{Envelope, Item};
use perch::x_api::event::{Event, Message};
use perch::x_api::split::split;
use perch::x_api::text::as_text;
use serde_json::{Map, Value};

pub fn run(bytes: &[u8]) {
    let text = as_text(bytes);
    assert_eq!(as_text(text.as_bytes()), text, "what is mended needs no mending");
    let Some(envelope) = Envelope::read(&text) else {
        assert!(serde_json::from_str::<Map<String, Value>>(&text).is_err(), "an object is an envelope");
        return;
    };
    let items = envelope.items();
    assert_eq!(items.len(), envelope.items.len());
    let parts = split(&envelope);
    assert_eq!(parts.len(), items.len());
    for ((item, given), part) in items.iter().zip(&envelope.items).zip(&parts) {
        assert!(text.as_bytes().as_ptr_range().contains(&given.json.get().as_ptr()), "an item is X's own text");
        assert!(item.raw.starts_with(&format!("{{\"item\":{},\"users\":", given.json.get())));
        assert!(!item.id.is_empty() && item.kind == given.kind);
        reads_again(item);
        let alone = Envelope::read(part).expect("a part is an envelope");
        assert_eq!(alone.for_user, envelope.for_user);
        let [same] = &alone.items()[..] else { panic!("a part has one item: {part}") };
        assert_eq!((same.kind, &same.id, &same.raw), (item.kind, &item.id, &item.raw));
        assert_eq!((same.created, &same.event), (item.created, &item.event));
    }
}

/// What is stored of an item says what the item said.
fn reads_again(item: &Item) {
    match &item.event {
        Ok(Event::Message(message)) => {
            assert_eq!(Item::message(&item.raw).as_ref(), Ok(message));
            Item::user(&item.raw, &message.sender);
            read(message);
        }
        Ok(Event::Act(act)) => {
            assert_eq!(Item::act(item.kind, &item.raw).as_ref(), Some(act));
            Item::user(&item.raw, &act.who);
        }
        Ok(_) => {}
        Err(_) => assert!(Item::message(&item.raw).is_err()),
    }
}

fn read(message: &Message) {
    message.plain_text();
    if let Some(recipient) = &message.recipient {
        assert_eq!(message.other_than(&message.sender), Some(recipient));
        let other = message.other_than(recipient);
        assert_eq!(other, Some(if recipient == &message.sender { recipient } else { &message.sender }));
    }
    if let Some(attachment) = &message.attachment {
        assert!(attachment.url.starts_with("https://") && !attachment.host().contains('/'));
        let request = attachment.fetch("https://media.example").unsigned();
        assert!(matches!(request.uri().host(), None | Some("media.example")), "{}", request.uri());
        if let Some(call) = attachment.fetch_v2("https://api.example") {
            let request = call.unsigned();
            assert!(matches!(request.uri().host(), None | Some("api.example")), "{}", request.uri());
        }
    }
}
