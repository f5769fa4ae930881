//! How a file comes to X in parts: what may begin, what fits together, when it is ready.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::media::Media;
use crate::simulator::Simulator;

const MIB: usize = 1 << 20;
const PART: usize = 5 * MIB;
const PARTS: usize = 1_000;
const KEPT_MS: u64 = 86_400_000;
pub(crate) const KEPT_S: u64 = KEPT_MS / 1000;
/// X says so while it processes.
const CHECK_AFTER_S: u64 = 2;

/// A file that somebody wants to upload.
#[derive(Debug)]
pub(crate) struct Announced {
    pub owner: String,
    pub content_type: String,
    pub category: String,
    pub shared: bool,
    pub total_bytes: usize,
}

impl Simulator {
    /// Gives the id.
    pub(crate) fn begin_upload(&mut self, now_ms: u64, announced: Announced) -> Result<String, Refusal> {
        let Announced { owner, content_type, category, shared, total_bytes } = announced;
        let most = match category.as_str() {
            "dm_image" | "tweet_image" => 5 * MIB,
            "dm_gif" | "tweet_gif" => 15 * MIB,
            "dm_video" | "tweet_video" => 512 * MIB,
            _ => return Err(Refusal::saying(214, "media_category: is not valid")),
        };
        if total_bytes == 0 || total_bytes > most {
            return Err(Refusal::saying(324, "File size exceeds the limit of its category."));
        }
        let id = self.ids.next(now_ms);
        self.media.push(Media {
            id: id.clone(),
            owner,
            content_type,
            category,
            shared,
            total_bytes,
            parts: Vec::new(),
            ready_ms: None,
            failed: false,
            expires_ms: now_ms + KEPT_MS,
            used: false,
        });
        Ok(id)
    }

    /// The same part again replaces it: its answer may have been lost.
    pub(crate) fn take_part(&mut self, owner: &str, id: &str, index: usize, bytes: Bytes) -> Result<&Media, Refusal> {
        if bytes.is_empty() || bytes.len() > PART || index >= PARTS {
            return Err(Refusal::saying(324, "A segment has 1 byte to 5 MB."));
        }
        let media = self.upload(owner, id)?;
        media.parts.retain(|(known, _)| *known != index);
        media.parts.push((index, bytes));
        media.parts.sort_by_key(|(index, _)| *index);
        Ok(media)
    }

    /// A picture is ready at once, everything else after a while.
    pub(crate) fn finish_upload(&mut self, now_ms: u64, owner: &str, id: &str) -> Result<&Media, Refusal> {
        let processing_ms = self.settings.processing_ms;
        let media = self.upload(owner, id)?;
        let whole = media.parts.iter().enumerate().all(|(place, (index, _))| place == *index);
        let size: usize = media.parts.iter().map(|(_, bytes)| bytes.len()).sum();
        if !whole || size != media.total_bytes {
            return Err(Refusal::saying(324, "Segments are missing, or do not add up to total_bytes."));
        }
        let is_image = media.is_image();
        if is_image && !media.is_what_it_says() {
            return Err(Refusal::saying(324, "The file is not of its media_type."));
        }
        media.failed = !is_image && !media.is_what_it_says();
        media.ready_ms = Some(if is_image { now_ms } else { now_ms + processing_ms });
        Ok(media)
    }

    pub(crate) fn upload(&mut self, owner: &str, id: &str) -> Result<&mut Media, Refusal> {
        let own = self.media.iter_mut().find(|media| media.id == id && media.owner == owner);
        own.ok_or_else(|| Refusal::saying(324, "There is no such media of this user."))
    }
}

impl Media {
    pub(crate) fn is_image(&self) -> bool {
        self.category.ends_with("image")
    }

    /// How far X is with it.
    pub(crate) fn processing(&self, now_ms: u64) -> Value {
        match self.ready_ms {
            Some(at) if at <= now_ms && self.failed => {
                json!({"state": "failed", "error": {"code": 1, "message": "Unsupported video format"}})
            }
            Some(at) if at <= now_ms => json!({"state": "succeeded", "progress_percent": 100}),
            _ => json!({"state": "in_progress", "check_after_secs": CHECK_AFTER_S, "progress_percent": 50}),
        }
    }
}
