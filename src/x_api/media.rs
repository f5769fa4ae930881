//! Uploading pictures, GIFs and videos in parts (v1.1, a host of its own): begin, append, finish, ask how far X is.

use bytes::Bytes;
use serde_json::Value;

use super::event::{number, text};
use super::ids::MediaId;
use super::request::{Body, Call, Response};

/// What a file is used for, with the most bytes that X takes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Image,
    Gif,
    Video,
}

/// X keeps the two apart: a file for messages is not taken in a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedIn {
    /// Shared: it can be sent many times, and whoever has its address can see it.
    Messages,
    Posts,
}

/// How far X is with a file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It can be sent, for so many seconds.
    Ready {
        expires_after: i64,
    },
    /// X asks for patience (s).
    Wait {
        check_after: i64,
    },
    Failed(String),
}

const PATH: &str = "/1.1/media/upload.json";
/// What X keeps a file that is not used, where it does not say.
const A_DAY: i64 = 24 * 60 * 60;

impl Category {
    /// `None`: X takes no such files in messages.
    pub fn of(content_type: &str) -> Option<Self> {
        match content_type {
            "image/jpeg" | "image/png" | "image/webp" => Some(Self::Image),
            "image/gif" => Some(Self::Gif),
            "video/mp4" => Some(Self::Video),
            _ => None,
        }
    }

    pub fn most_bytes(self) -> u64 {
        match self {
            Self::Image => 5 << 20,
            Self::Gif => 15 << 20,
            Self::Video => 512 << 20,
        }
    }

    fn name(self, used_in: UsedIn) -> &'static str {
        match (used_in, self) {
            (UsedIn::Messages, Self::Image) => "dm_image",
            (UsedIn::Messages, Self::Gif) => "dm_gif",
            (UsedIn::Messages, Self::Video) => "dm_video",
            (UsedIn::Posts, Self::Image) => "tweet_image",
            (UsedIn::Posts, Self::Gif) => "tweet_gif",
            (UsedIn::Posts, Self::Video) => "tweet_video",
        }
    }
}

/// `INIT`.
///
/// See [X docs: Attaching media](https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/attaching-media).
pub fn begin(base: &str, bytes: u64, content_type: &str, category: Category, used_in: UsedIn) -> Call {
    Call::post(base, PATH)
        .query("command", "INIT")
        .query("total_bytes", bytes.to_string())
        .query("media_type", content_type)
        .query("media_category", category.name(used_in))
        .query("shared", (used_in == UsedIn::Messages).to_string())
}

/// `APPEND`, the parts counted from 0. Only the query is signed: fields of a multipart body are not.
pub fn append(base: &str, id: &MediaId, part: i64, bytes: Bytes) -> Call {
    Call::post(base, PATH)
        .query("command", "APPEND")
        .query("media_id", id.as_str())
        .query("segment_index", part.to_string())
        .body(Body::Multipart { field: "media", bytes })
}

/// `FINALIZE`.
pub fn finish(base: &str, id: &MediaId) -> Call {
    Call::post(base, PATH).query("command", "FINALIZE").query("media_id", id.as_str())
}

/// `STATUS`.
pub fn status(base: &str, id: &MediaId) -> Call {
    Call::get(base, PATH).query("command", "STATUS").query("media_id", id.as_str())
}

/// X's id for the file that it has just begun to take.
pub fn begun(response: &Response) -> Option<MediaId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/media_id_string").or_else(|| text(&body, "/media_id")).map(MediaId::from)
}

/// What the answer to `FINALIZE` or `STATUS` says.
pub fn progress(response: &Response) -> Progress {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let check_after = number(&body, "/processing_info/check_after_secs").unwrap_or(5).clamp(1, 600);
    match text(&body, "/processing_info/state").as_deref() {
        None | Some("succeeded") => {
            Progress::Ready { expires_after: number(&body, "/expires_after_secs").unwrap_or(A_DAY) }
        }
        Some("failed") => {
            let why = text(&body, "/processing_info/error/message");
            Progress::Failed(why.unwrap_or_else(|| "X could not process the file.".to_owned()))
        }
        Some(_) => Progress::Wait { check_after },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &'static str) -> Progress {
        progress(&Response::new(Bytes::from_static(body.as_bytes())))
    }

    #[test]
    fn an_upload_is_begun_with_what_x_wants_to_know() {
        let call = begin("https://upload.twitter.com", 42, "image/png", Category::Image, UsedIn::Messages);
        let query: Vec<String> = call.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            query.join("&"),
            "command=INIT&total_bytes=42&media_type=image/png&media_category=dm_image&shared=true"
        );
    }

    #[test]
    fn progress_is_read_from_every_answer_of_xs() {
        assert_eq!(read(r#"{"media_id_string":"1","expires_after_secs":60}"#), Progress::Ready { expires_after: 60 });
        assert_eq!(read(r#"{"processing_info":{"state":"succeeded"}}"#), Progress::Ready { expires_after: A_DAY });
        assert_eq!(
            read(r#"{"processing_info":{"state":"in_progress","check_after_secs":7,"progress_percent":8}}"#),
            Progress::Wait { check_after: 7 }
        );
        let failed = r#"{"processing_info":{"state":"failed","error":{"code":1,"message":"Unsupported codec"}}}"#;
        assert_eq!(read(failed), Progress::Failed("Unsupported codec".to_owned()));
    }
}
