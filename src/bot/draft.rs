//! What one turn says, joined into as few messages as possible: X allows few, and bills each.

use serde::{Deserialize, Serialize};

use super::check::Limits;
use super::message::{Button, Choice, Media, Message};

/// The message under way. Nodes that follow each other at once add to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub texts: Vec<String>,
    pub buttons: Vec<Button>,
    pub media: Option<Media>,
    pub profile: Option<String>,
}

impl Draft {
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.buttons.is_empty() && self.media.is_none()
    }

    /// Adds what a node says. Gives the messages that are complete because this does not fit in with them.
    pub fn add(&mut self, more: Self, limits: &Limits) -> Vec<Message> {
        let fits = self.is_empty()
            || (self.profile == more.profile
                && (self.media.is_none() || more.media.is_none())
                && self.buttons.len() + more.buttons.len() <= limits.buttons
                && self.length() + more.length() + 2 <= limits.text);
        if !fits {
            let complete = self.take(Vec::new(), limits);
            *self = more;
            return complete;
        }
        self.texts.extend(more.texts);
        self.buttons.extend(more.buttons);
        self.media = self.media.take().or(more.media);
        self.profile = more.profile;
        Vec::new()
    }

    /// The messages, the last one with the ways on. A text that is too long for one is told in several.
    pub fn take(&mut self, options: Vec<Choice>, limits: &Limits) -> Vec<Message> {
        let Self { texts, buttons, media, profile } = std::mem::take(self);
        let mut parts = pieces(&texts.join("\n\n"), limits.text);
        let last = parts.pop().unwrap_or_default();
        let mut messages: Vec<Message> =
            parts.into_iter().map(|text| Message { text, profile: profile.clone(), ..Message::default() }).collect();
        let buttons = buttons.into_iter().take(limits.buttons).collect();
        messages.push(Message { text: last, options, buttons, media, profile, ..Message::default() });
        messages
    }

    fn length(&self) -> usize {
        let gaps = 2 * self.texts.len().saturating_sub(1);
        self.texts.iter().map(|text| text.chars().count()).sum::<usize>() + gaps
    }
}

/// The text in pieces that fit, cut at the end of a paragraph, a line or a word where there is one.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((limit, _)) = rest.char_indices().nth(most.max(1)) {
        let (head, _) = rest.split_at_checked(limit).unwrap_or((rest, ""));
        let cut =
            ["\n\n", "\n", " "].iter().find_map(|gap| head.rfind(gap).filter(|at| *at > limit / 2)).unwrap_or(limit);
        let (piece, after) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        all.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    all.push(rest.to_owned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { text: 20, ..Limits::NONE };

    fn says(text: &str) -> Draft {
        Draft { texts: vec![text.to_owned()], ..Draft::default() }
    }

    #[test]
    fn what_fits_becomes_one_message() {
        let mut draft = says("Saved.");
        assert!(draft.add(says("What now?"), &LIMITS).is_empty());
        let messages = draft.take(Vec::new(), &LIMITS);
        assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["Saved.\n\nWhat now?"]);
    }

    #[test]
    fn two_pictures_are_two_messages() {
        let picture = |name: &str| Draft { media: Some(Media::of(name)), ..says(name) };
        let mut draft = picture("a");
        assert_eq!(draft.add(picture("b"), &LIMITS).len(), 1);
        assert_eq!(draft.take(Vec::new(), &LIMITS).len(), 1);
    }

    #[test]
    fn a_long_text_is_cut_where_a_word_ends_and_nothing_is_lost() {
        let pieces = pieces("one two three four five six seven", 10);
        assert_eq!(pieces.join(" "), "one two three four five six seven");
        assert!(pieces.iter().all(|piece| piece.chars().count() <= 10), "{pieces:?}");
        assert_eq!(super::pieces(&"ü".repeat(25), 10).len(), 3);
    }
}
