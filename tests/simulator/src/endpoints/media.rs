//! `media/upload.json`: INIT, APPEND, FINALIZE and STATUS; and the files of messages, given out to the two who write.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, file_answer, json_answer};
use crate::media::Media;
use crate::multipart::parts;
use crate::simulator::Simulator;

const MIB: usize = 1 << 20;
const PART: usize = 5 * MIB;
const KEPT_MS: u64 = 86_400_000;
/// X says so while it processes.
const CHECK_AFTER_S: u64 = 2;

impl Simulator {
    pub(super) fn upload_media(&mut self, call: &Call<'_>) -> Answer {
        match call.needed("command")? {
            "INIT" => self.begin_media(call),
            "APPEND" => self.append_media(call),
            "FINALIZE" => self.finish_media(call),
            other => Err(Refusal::saying(214, format!("command: {other} is not known"))),
        }
    }

    pub(super) fn media_status(&mut self, call: &Call<'_>) -> Answer {
        let now_ms = call.now_ms;
        let media = self.own_media(call)?;
        let body = json!({"media_id_string": media.id, "processing_info": processing(media, now_ms)});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// `GET /1.1/ton/data/dm/:event/:media/:file`.
    pub(super) fn give_file(&self, call: &Call<'_>) -> Answer {
        let (user, gone) = (call.user()?, || Refusal::new(34));
        let [event, media, _] = call.captured.as_slice() else { return Err(gone()) };
        let event = self.messages.iter().find(|known| known.id == *event).ok_or_else(gone)?;
        if event.from != user && event.to != user {
            return Err(Refusal::new(220));
        }
        let carries = event.attachment.as_ref().is_some_and(|attachment| attachment.media_id == *media);
        let media = self.media(media).filter(|_| carries).ok_or_else(gone)?;
        Ok(Reply::Answer(file_answer(&media.content_type, media.bytes())))
    }

    fn begin_media(&mut self, call: &Call<'_>) -> Answer {
        let total: usize = call.needed("total_bytes")?.parse().map_err(|_| invalid("total_bytes"))?;
        let (kind, category) = (call.needed("media_type")?.to_owned(), snake(call.needed("media_category")?));
        let most = match category.as_str() {
            "dm_image" | "tweet_image" => 5 * MIB,
            "dm_gif" | "tweet_gif" => 15 * MIB,
            "dm_video" | "tweet_video" => 512 * MIB,
            _ => return Err(invalid("media_category")),
        };
        if total == 0 || total > most {
            return Err(Refusal::saying(324, "File size exceeds the limit of its category."));
        }
        let id = self.ids.next(call.now_ms);
        let body = json!({"media_id": id.parse::<u64>().unwrap_or_default(), "media_id_string": id, "expires_after_secs": KEPT_MS / 1000});
        self.media.push(Media {
            id,
            owner: call.user()?.to_owned(),
            content_type: kind,
            category,
            shared: call.parameters.get("shared") == Some("true"),
            total_bytes: total,
            parts: Vec::new(),
            ready_ms: None,
            failed: false,
            expires_ms: call.now_ms + KEPT_MS,
            used: false,
        });
        Ok(Reply::Answer(json_answer(202, &body)))
    }

    fn append_media(&mut self, call: &Call<'_>) -> Answer {
        let index: usize = call.needed("segment_index")?.parse().map_err(|_| invalid("segment_index"))?;
        let bytes = file(call).ok_or_else(|| invalid("media"))?;
        if bytes.is_empty() || bytes.len() > PART || index > 999 {
            return Err(Refusal::saying(324, "A segment has 1 byte to 5 MB."));
        }
        let media = self.own_media(call)?;
        // The same segment again replaces it: its answer may have been lost.
        media.parts.retain(|(known, _)| *known != index);
        media.parts.push((index, bytes));
        media.parts.sort_by_key(|(index, _)| *index);
        Ok(Reply::Answer(empty_answer(204)))
    }

    fn finish_media(&mut self, call: &Call<'_>) -> Answer {
        let (now_ms, processing_ms) = (call.now_ms, self.settings.processing_ms);
        let media = self.own_media(call)?;
        let whole = media.parts.iter().enumerate().all(|(place, (index, _))| place == *index);
        let size: usize = media.parts.iter().map(|(_, bytes)| bytes.len()).sum();
        if !whole || size != media.total_bytes {
            return Err(Refusal::saying(324, "Segments are missing, or do not add up to total_bytes."));
        }
        let is_image = media.category.ends_with("image");
        if is_image && !media.is_what_it_says() {
            return Err(Refusal::saying(324, "The file is not of its media_type."));
        }
        media.failed = !is_image && !media.is_what_it_says();
        media.ready_ms = Some(if is_image { now_ms } else { now_ms + processing_ms });
        let mut body = json!({"media_id_string": media.id, "size": size, "expires_after_secs": KEPT_MS / 1000});
        if !is_image {
            crate::message::set(&mut body, "processing_info", processing(media, now_ms));
        }
        Ok(Reply::Answer(json_answer(201, &body)))
    }

    fn own_media(&mut self, call: &Call<'_>) -> Result<&mut Media, Refusal> {
        let (user, id) = (call.user()?, call.needed("media_id")?);
        let own = self.media.iter_mut().find(|media| media.id == id && media.owner == user);
        own.ok_or_else(|| Refusal::saying(324, "There is no such media of this user."))
    }
}

fn processing(media: &Media, now_ms: u64) -> Value {
    match media.ready_ms {
        Some(at) if at <= now_ms && media.failed => {
            json!({"state": "failed", "error": {"code": 1, "message": "Unsupported video format"}})
        }
        Some(at) if at <= now_ms => json!({"state": "succeeded", "progress_percent": 100}),
        _ => json!({"state": "in_progress", "check_after_secs": CHECK_AFTER_S, "progress_percent": 50}),
    }
}

/// The field `media` of the multipart body.
fn file(call: &Call<'_>) -> Option<Bytes> {
    parts(call.request).into_iter().find(|(name, _)| name == "media").map(|(_, bytes)| bytes)
}

/// X takes `DmImage` for `dm_image`.
fn snake(name: &str) -> String {
    let words = name.char_indices().map(|(at, letter)| {
        let gap = if at > 0 && letter.is_ascii_uppercase() { "_" } else { "" };
        format!("{gap}{}", letter.to_ascii_lowercase())
    });
    words.collect()
}

fn invalid(field: &str) -> Refusal {
    Refusal::saying(214, format!("{field}: is not valid"))
}
