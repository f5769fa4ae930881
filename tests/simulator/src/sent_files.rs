//! Files in messages: those that people send by hand, and the link that X writes behind the text of each.

use bytes::Bytes;

use crate::customers::NotPossible;
use crate::links::short;
use crate::media::{Attachment, Media};
use crate::message::{DmEvent, Link};
use crate::simulator::Simulator;

/// Type, category, what X calls it in a message, and how its file is named.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("image/png", "dm_image", "photo", "png"),
    ("image/jpeg", "dm_image", "photo", "jpg"),
    ("image/webp", "dm_image", "photo", "webp"),
    ("image/gif", "dm_gif", "animated_gif", "gif"),
    ("video/mp4", "dm_video", "video", "mp4"),
];

impl Simulator {
    /// A customer sends a file, with words or without. Gives the event's id.
    pub fn customer_sends_file(
        &mut self,
        now_ms: u64,
        from: &str,
        to: &str,
        text: &str,
        (content_type, bytes): (&str, Bytes),
    ) -> Result<String, NotPossible> {
        let known = KINDS.iter().find(|(kind, ..)| *kind == content_type);
        let (_, category, kind, extension) = *known.ok_or(NotPossible::NoSuchFile)?;
        let id = self.ids.next(now_ms);
        let media = Media {
            id: id.clone(),
            owner: from.to_owned(),
            content_type: content_type.to_owned(),
            category: category.to_owned(),
            shared: false,
            total_bytes: bytes.len(),
            parts: vec![(0, bytes)],
            ready_ms: Some(now_ms),
            failed: false,
            expires_ms: u64::MAX,
            used: true,
        };
        if !media.is_what_it_says() {
            return Err(NotPossible::NoSuchFile);
        }
        let event = self.written_by_hand(now_ms, from, to, text);
        let url = format!("https://ton.twitter.com/1.1/ton/data/dm/{}/{id}/{id}.{extension}", event.id);
        self.media.push(media);
        let attachment = Attachment { media_id: id, kind, url };
        let event = self.carrying(event, attachment);
        Ok(self.say(now_ms, event))
    }

    /// The message with its file, and the link to it that X writes behind the text.
    pub(crate) fn carrying(&self, event: DmEvent, attachment: Attachment) -> DmEvent {
        let mut event = DmEvent { attachment: Some(attachment), ..event };
        if self.settings.shorten_links {
            let gap = if event.text.is_empty() { "" } else { " " };
            let short = short(&format!("file of {}", event.id), 0);
            let start = event.text.chars().count() + gap.len();
            let indices = (start, start + short.chars().count());
            event.text = format!("{}{gap}{short}", event.text);
            event.links.push(Link { short, long: format!("https://twitter.com/messages/media/{}", event.id), indices });
        }
        event
    }
}

impl DmEvent {
    /// The text as the app shows it: the link to the file is not a part of it.
    pub fn shown_text(&self) -> String {
        let of_file = |link: &&Link| link.long.contains("/messages/media/");
        match self.links.iter().find(of_file).filter(|_| self.attachment.is_some()) {
            Some(link) => self.text.replace(&link.short, "").trim_end().to_owned(),
            None => self.text.clone(),
        }
    }
}
