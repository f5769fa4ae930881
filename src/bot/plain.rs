//! A message where X shows neither options nor buttons: numbered lines, and `label: link` lines.

use super::message::{Message, Target};

pub fn render(message: &Message) -> String {
    let mut text = message.text.clone();
    if !message.buttons.is_empty() {
        text.push('\n');
    }
    for button in &message.buttons {
        let target = match &button.target {
            Target::Url(url) => url.clone(),
            Target::Post { text, url } => url.as_ref().map_or_else(|| text.clone(), |url| format!("{text} {url}")),
            Target::Follow(name) => format!("@{name}"),
            Target::Message(id) => id.clone(),
        };
        text.push_str(&format!("\n{}: {target}", button.label));
    }
    if !message.options.is_empty() {
        text.push('\n');
    }
    for (number, option) in (1..).zip(&message.options) {
        let mark = if message.by_label { "-".to_owned() } else { format!("{number}.") };
        text.push_str(&format!("\n{mark} {}", option.label));
        if let Some(description) = &option.description {
            text.push_str(&format!(" - {description}"));
        }
    }
    text.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::message::{Button, Choice};

    #[test]
    fn options_are_numbered_and_buttons_become_lines() {
        let message = Message {
            text: "Hello".to_owned(),
            buttons: vec![Button {
                label: "Map".to_owned(),
                target: Target::Url("https://example.com/map".to_owned()),
            }],
            options: vec![
                Choice { label: "Hours".to_owned(), description: Some("When".to_owned()), ..Choice::default() },
                Choice { label: "Back".to_owned(), ..Choice::default() },
            ],
            ..Message::default()
        };
        assert_eq!(render(&message), "Hello\n\nMap: https://example.com/map\n\n1. Hours - When\n2. Back");
    }
}
