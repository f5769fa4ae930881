//! A message where X shows neither options nor buttons: numbered lines, and `label: link` lines.

use super::message::{Message, Target};

/// `link` says where a button leads, as the channel opens it.
pub fn render(message: &Message, link: fn(&Target) -> String) -> String {
    let mut text = message.text.clone();
    if !message.buttons.is_empty() {
        text.push('\n');
    }
    for button in &message.buttons {
        text.push_str(&format!("\n{}: {}", button.label, link(&button.target)));
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
            buttons: vec![Button { label: "Map".to_owned(), target: Target::Message("17".to_owned()) }],
            options: vec![
                Choice { label: "Hours".to_owned(), description: Some("When".to_owned()), ..Choice::default() },
                Choice { label: "Back".to_owned(), ..Choice::default() },
            ],
            ..Message::default()
        };
        let text = render(&message, |target| format!("{target:?}"));
        assert_eq!(text, "Hello\n\nMap: Message(\"17\")\n\n1. Hours - When\n2. Back");
    }
}
