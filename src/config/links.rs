//! Where a button leads, as X opens it.

use crate::bot::message::Target;
use crate::x_api::intents;

pub fn link(target: &Target) -> String {
    match target {
        Target::Url(url) => url.clone(),
        Target::Post { text, url } => intents::post(text, url.as_deref()),
        Target::Follow(username) => intents::follow(username),
        Target::Message(id) => intents::message(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_button_opens_its_part_of_x() {
        let post = |url: Option<&str>| Target::Post { text: "a b".to_owned(), url: url.map(str::to_owned) };
        for (target, leads_to) in [
            (Target::Url("https://example.com/a".to_owned()), "https://example.com/a"),
            (post(None), "https://twitter.com/intent/tweet?text=a%20b"),
            (
                post(Some("https://b.example")),
                "https://twitter.com/intent/tweet?text=a%20b&url=https%3A%2F%2Fb.example",
            ),
            (Target::Follow("furni".to_owned()), "https://twitter.com/intent/follow?screen_name=furni"),
            (Target::Message("17".to_owned()), "https://twitter.com/messages/compose?recipient_id=17"),
        ] {
            assert_eq!(link(&target), leads_to);
        }
    }
}
