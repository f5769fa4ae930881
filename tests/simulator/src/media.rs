//! Files on X: uploaded in parts, processed for a while, attached to messages, forgotten when nobody uses them.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::simulator::Simulator;

/// One file that was uploaded, or is being uploaded.
#[derive(Clone, Debug)]
pub struct Media {
    pub id: String,
    /// Who uploaded it, and alone may send it.
    pub owner: String,
    pub content_type: String,
    pub category: String,
    pub shared: bool,
    pub total_bytes: usize,
    /// The parts so far, in the order of their numbers.
    pub(crate) parts: Vec<(usize, Bytes)>,
    /// When X is done with it.
    pub(crate) ready_ms: Option<u64>,
    pub(crate) failed: bool,
    pub(crate) expires_ms: u64,
    pub(crate) used: bool,
}

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub media_id: String,
    /// `photo`, `animated_gif` or `video`.
    pub kind: &'static str,
    pub url: String,
}

/// Where a file begins tells what it is.
const BEGINNINGS: &[(&str, usize, &[u8])] = &[
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/gif", 0, b"GIF8"),
    ("image/webp", 8, b"WEBP"),
    ("video/mp4", 4, b"ftyp"),
];

impl Simulator {
    /// A file by X's id for it.
    pub fn media(&self, id: &str) -> Option<&Media> {
        self.media.iter().find(|media| media.id == id)
    }

    /// Attaches a file to a message of its owner, where X's rules let it.
    pub(crate) fn attach(
        &mut self,
        now_ms: u64,
        owner: &str,
        id: &str,
        must_be_shared: bool,
    ) -> Result<Attachment, Refusal> {
        let refused = |why: &str| Err(Refusal::saying(324, format!("The validation of media ids failed: {why}.")));
        let Some(media) = self.media.iter_mut().find(|media| media.id == id && media.owner == owner) else {
            return refused("there is no such media of this user");
        };
        match media.ready_ms {
            Some(at) if at <= now_ms && !media.failed => {}
            _ => return refused("it is not ready"),
        }
        if !media.category.starts_with("dm_") {
            return refused("its category is not for messages");
        }
        if must_be_shared && !media.shared {
            return refused("it is not shared");
        }
        if media.used && !media.shared {
            return refused("it was sent before and is not shared");
        }
        if !media.used && media.expires_ms <= now_ms {
            return refused("it has expired");
        }
        media.used = true;
        Ok(Attachment { media_id: media.id.clone(), kind: media.kind(), url: media.url() })
    }
}

impl Media {
    /// The file as a whole.
    pub fn bytes(&self) -> Vec<u8> {
        self.parts.iter().flat_map(|(_, bytes)| bytes.to_vec()).collect()
    }

    pub(crate) fn is_what_it_says(&self) -> bool {
        let bytes = self.bytes();
        let beginning = BEGINNINGS.iter().find(|(kind, ..)| *kind == self.content_type);
        beginning.is_some_and(|(_, at, sign)| bytes.get(*at..at + sign.len()) == Some(sign))
    }

    /// The name that v2 has for it.
    pub(crate) fn key(&self) -> String {
        key(self.kind(), &self.id)
    }

    fn kind(&self) -> &'static str {
        match self.category.as_str() {
            "dm_gif" | "tweet_gif" => "animated_gif",
            "dm_video" | "tweet_video" => "video",
            _ => "photo",
        }
    }

    fn url(&self) -> String {
        format!("https://pbs.twimg.com/dm_media/{}", self.id)
    }
}

impl Attachment {
    /// The name that v2 has for a file.
    pub(crate) fn key(&self) -> String {
        key(self.kind, &self.media_id)
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({"type": "media", "media": {
            "id": self.media_id.parse::<u64>().unwrap_or_default(), "id_str": self.media_id,
            "media_url_https": self.url, "type": self.kind,
        }})
    }
}

fn key(kind: &str, id: &str) -> String {
    let number = match kind {
        "video" => 7,
        "animated_gif" => 16,
        _ => 3,
    };
    format!("{number}_{id}")
}
