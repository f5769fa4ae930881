//! `/2/media/upload/…`: initialize, append, finalize and STATUS, for the same files as in v1.1.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::media::file;
use super::strict::{body_of, invalid, known_parameters};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::media::Media;
use crate::message::set;
use crate::parameters::content_type;
use crate::simulator::Simulator;
use crate::uploads::{Announced, KEPT_S};

const TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/bmp",
    "image/tiff",
    "image/pjpeg",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "video/mp2t",
    "text/srt",
    "text/vtt",
];

impl Simulator {
    pub(super) fn begin_media_v2(&mut self, call: &Call<'_>) -> Answer {
        let body = body_of(call, &["media_type", "total_bytes", "media_category", "shared", "additional_owners"])?;
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let content_type = text("media_type");
        if !TYPES.contains(&content_type.as_str()) {
            return Err(invalid("media_type: is not valid"));
        }
        let total = body.get("total_bytes").and_then(Value::as_u64).and_then(|total| usize::try_from(total).ok());
        let shared = match body.get("shared") {
            None => false,
            Some(shared) => shared.as_bool().ok_or_else(|| invalid("shared: must be true or false"))?,
        };
        let announced = Announced {
            owner: call.user()?.to_owned(),
            content_type,
            category: text("media_category"),
            shared,
            total_bytes: total.ok_or_else(|| invalid("total_bytes: must be a number"))?,
        };
        let id = self.begin_upload(call.now_ms, announced).map_err(Refusal::into_problem)?;
        let key = self.media(&id).map(Media::key);
        Ok(data(json!({"id": id, "media_key": key, "expires_after_secs": KEPT_S})))
    }

    /// Multipart, or JSON with base64.
    pub(super) fn append_media_v2(&mut self, call: &Call<'_>) -> Answer {
        let (index, bytes) = if content_type(call.request).starts_with("application/json") {
            let body = body_of(call, &["media", "segment_index"])?;
            let media = body.get("media").and_then(Value::as_str).and_then(|media| STANDARD.decode(media).ok());
            (body.get("segment_index").and_then(Value::as_u64), media.map(Bytes::from))
        } else {
            (call.parameters.get("segment_index").and_then(|index| index.parse().ok()), file(call))
        };
        let index = index.and_then(|index| usize::try_from(index).ok());
        let index = index.ok_or_else(|| invalid("segment_index: must be a number"))?;
        let bytes = bytes.ok_or_else(|| invalid("media: must be there"))?;
        let media = self.take_part(call.user()?, named(call), index, bytes).map_err(Refusal::into_problem)?;
        Ok(data(json!({"expires_at": media.expires_ms / 1000})))
    }

    pub(super) fn finish_media_v2(&mut self, call: &Call<'_>) -> Answer {
        let media = self.finish_upload(call.now_ms, call.user()?, named(call)).map_err(Refusal::into_problem)?;
        let mut body = media.to_v2_json();
        if !media.is_image() {
            let mut info = media.processing(call.now_ms);
            if info.get("state") == Some(&json!("in_progress")) {
                set(&mut info, "state", json!("pending"));
            }
            set(&mut body, "processing_info", info);
        }
        Ok(data(body))
    }

    pub(super) fn media_status_v2(&mut self, call: &Call<'_>) -> Answer {
        known_parameters(call, &["media_id", "command"])?;
        if call.parameters.get("command") != Some("STATUS") {
            return Err(invalid("command: must be STATUS"));
        }
        let id = call.parameters.get("media_id").unwrap_or_default();
        let media = self.upload(call.user()?, id).map_err(Refusal::into_problem)?;
        let mut body = media.to_v2_json();
        set(&mut body, "processing_info", media.processing(call.now_ms));
        Ok(data(body))
    }
}

impl Media {
    fn to_v2_json(&self) -> Value {
        json!({"id": self.id, "media_key": self.key(), "size": self.total_bytes, "expires_after_secs": KEPT_S})
    }
}

fn named<'a>(call: &'a Call<'_>) -> &'a str {
    call.captured.first().map_or("", String::as_str)
}

fn data(body: Value) -> Reply {
    Reply::Answer(json_answer(200, &json!({"data": body})))
}
