//! `media/upload.json`: INIT, APPEND, FINALIZE and STATUS; and the files of messages, given out to the two who write.

use bytes::Bytes;
use serde_json::json;

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, file_answer, json_answer};
use crate::media::Media;
use crate::multipart::parts;
use crate::simulator::Simulator;
use crate::uploads::{Announced, KEPT_S};

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
        let media = self.upload(call.user()?, call.needed("media_id")?)?;
        let body = json!({"media_id_string": media.id, "processing_info": media.processing(call.now_ms)});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// `GET /1.1/ton/data/dm/:event/:media/:file`.
    pub(super) fn give_file(&self, call: &Call<'_>) -> Answer {
        let media = self.file_of(call)?;
        Ok(Reply::Answer(file_answer(&media.content_type, media.bytes())))
    }

    /// `GET /2/dm_conversations/media/:event/:media/:file`: bytes, without a word of what they are.
    pub(super) fn give_file_v2(&self, call: &Call<'_>) -> Answer {
        let media = self.file_of(call).map_err(Refusal::into_problem)?;
        Ok(Reply::Answer(file_answer("application/octet-stream", media.bytes())))
    }

    /// The file that the path names, for the two who write.
    fn file_of(&self, call: &Call<'_>) -> Result<&Media, Refusal> {
        let (user, gone) = (call.user()?, || Refusal::new(34));
        let [event, media, _] = call.captured.as_slice() else { return Err(gone()) };
        let event = self.messages.iter().find(|known| known.id == *event).ok_or_else(gone)?;
        if event.from != user && event.to != user {
            return Err(Refusal::new(220));
        }
        let carries = event.attachment.as_ref().is_some_and(|attachment| attachment.media_id == *media);
        self.media(media).filter(|_| carries).ok_or_else(gone)
    }

    fn begin_media(&mut self, call: &Call<'_>) -> Answer {
        let announced = Announced {
            owner: call.user()?.to_owned(),
            content_type: call.needed("media_type")?.to_owned(),
            category: snake(call.needed("media_category")?),
            shared: call.parameters.get("shared") == Some("true"),
            total_bytes: call.needed("total_bytes")?.parse().map_err(|_| invalid("total_bytes"))?,
        };
        let id = self.begin_upload(call.now_ms, announced)?;
        let body = json!({"media_id": id.parse::<u64>().unwrap_or_default(), "media_id_string": id, "expires_after_secs": KEPT_S});
        Ok(Reply::Answer(json_answer(202, &body)))
    }

    fn append_media(&mut self, call: &Call<'_>) -> Answer {
        let index: usize = call.needed("segment_index")?.parse().map_err(|_| invalid("segment_index"))?;
        let bytes = file(call).ok_or_else(|| invalid("media"))?;
        self.take_part(call.user()?, call.needed("media_id")?, index, bytes)?;
        Ok(Reply::Answer(empty_answer(204)))
    }

    fn finish_media(&mut self, call: &Call<'_>) -> Answer {
        let media = self.finish_upload(call.now_ms, call.user()?, call.needed("media_id")?)?;
        let mut body = json!({"media_id_string": media.id, "size": media.total_bytes, "expires_after_secs": KEPT_S});
        if !media.is_image() {
            crate::message::set(&mut body, "processing_info", media.processing(call.now_ms));
        }
        Ok(Reply::Answer(json_answer(201, &body)))
    }
}

/// The field `media` of the multipart body.
pub(super) fn file(call: &Call<'_>) -> Option<Bytes> {
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
