//! Uploading pictures, GIFs and videos in parts, in v1.1 or v2: begin, append, finish, ask how far X is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::dialect::Speaks;
use super::event::{number, text};
use super::ids::MediaId;
use super::request::{Body, Call, Response, encode};

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
/// What X keeps a file at most, by our reckoning: a number beyond it is a slip.
const A_MONTH: i64 = 30 * A_DAY;

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

    /// Whether a file begins as one of this type does: what is no picture is told before X refuses it.
    pub fn begins(content_type: &str, bytes: &[u8]) -> bool {
        let at = |place: usize, wanted: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(wanted));
        match content_type {
            "image/jpeg" => at(0, b"\xFF\xD8\xFF"),
            "image/png" => at(0, b"\x89PNG\r\n\x1A\n"),
            "image/webp" => at(0, b"RIFF") && at(8, b"WEBP"),
            "image/gif" => at(0, b"GIF87a") || at(0, b"GIF89a"),
            "video/mp4" => at(4, b"ftyp"),
            _ => false,
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

/// Where files are brought: v1.1 has a host of its own for it, v2 has not.
#[derive(Clone, Debug)]
pub struct Door {
    pub base: String,
    pub speaks: Speaks,
}

impl Door {
    /// `INIT`, or `POST /2/media/upload/initialize`.
    ///
    /// See [X docs: Attaching media](https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/attaching-media)
    /// and [X docs: Media](https://docs.x.com/x-api/media/introduction).
    pub fn begin(&self, bytes: u64, content_type: &str, category: Category, used_in: UsedIn) -> Call {
        let (category, shared) = (category.name(used_in), used_in == UsedIn::Messages);
        match self.speaks {
            Speaks::Rich => self
                .command("INIT", None)
                .query("total_bytes", bytes.to_string())
                .query("media_type", content_type)
                .query("media_category", category)
                .query("shared", shared.to_string()),
            Speaks::Plain => Call::post(&self.base, "/2/media/upload/initialize").body(Body::Json(
                json!({"media_type": content_type, "total_bytes": bytes, "media_category": category, "shared": shared})
                    .to_string(),
            )),
        }
    }

    /// `APPEND`, the parts counted from 0. In v1.1 only the query is signed: fields of a multipart body are not.
    pub fn append(&self, id: &MediaId, part: i64, bytes: Bytes) -> Call {
        match self.speaks {
            Speaks::Rich => self
                .command("APPEND", Some(id))
                .query("segment_index", part.to_string())
                .body(Body::Multipart { field: "media", bytes }),
            Speaks::Plain => Call::post(&self.base, format!("/2/media/upload/{}/append", encode(id.as_str())))
                .body(Body::Json(json!({"media": STANDARD.encode(&bytes), "segment_index": part}).to_string())),
        }
    }

    /// `FINALIZE`.
    pub fn finish(&self, id: &MediaId) -> Call {
        match self.speaks {
            Speaks::Rich => self.command("FINALIZE", Some(id)),
            Speaks::Plain => Call::post(&self.base, format!("/2/media/upload/{}/finalize", encode(id.as_str()))),
        }
    }

    /// `STATUS`.
    pub fn status(&self, id: &MediaId) -> Call {
        let path = match self.speaks {
            Speaks::Rich => PATH,
            Speaks::Plain => "/2/media/upload",
        };
        Call::get(&self.base, path).query("command", "STATUS").query("media_id", id.as_str())
    }

    fn command(&self, command: &'static str, id: Option<&MediaId>) -> Call {
        let call = Call::post(&self.base, PATH).query("command", command);
        match id {
            Some(id) => call.query("media_id", id.as_str()),
            None => call,
        }
    }
}

/// X's id for the file that it has just begun to take.
pub fn begun(response: &Response) -> Option<MediaId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    ["/media_id_string", "/media_id", "/data/id"].iter().find_map(|place| text(&body, place)).map(MediaId::from)
}

/// What the answer to `FINALIZE` or `STATUS` says.
pub fn progress(response: &Response) -> Progress {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let body = body.get("data").unwrap_or(&body);
    let check_after = number(body, "/processing_info/check_after_secs").unwrap_or(5).clamp(1, 600);
    match text(body, "/processing_info/state").as_deref() {
        None | Some("succeeded") => {
            let expires_after = number(body, "/expires_after_secs").unwrap_or(A_DAY).clamp(0, A_MONTH);
            Progress::Ready { expires_after }
        }
        Some("failed") => {
            let why = text(body, "/processing_info/error/message");
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
        let door = |speaks| Door { base: "https://upload.twitter.com".to_owned(), speaks };
        let call = door(Speaks::Rich).begin(42, "image/png", Category::Image, UsedIn::Messages);
        let query: Vec<String> = call.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            query.join("&"),
            "command=INIT&total_bytes=42&media_type=image/png&media_category=dm_image&shared=true"
        );
        let call = door(Speaks::Plain).begin(42, "image/png", Category::Image, UsedIn::Messages);
        assert_eq!(
            call.body,
            Body::Json(
                r#"{"media_category":"dm_image","media_type":"image/png","shared":true,"total_bytes":42}"#.to_owned()
            )
        );
    }

    #[test]
    fn progress_is_read_from_every_answer_of_xs() {
        assert_eq!(read(r#"{"media_id_string":"1","expires_after_secs":60}"#), Progress::Ready { expires_after: 60 });
        assert_eq!(read(r#"{"data":{"id":"1","expires_after_secs":60}}"#), Progress::Ready { expires_after: 60 });
        assert_eq!(read(r#"{"processing_info":{"state":"succeeded"}}"#), Progress::Ready { expires_after: A_DAY });
        let slips = r#"{"expires_after_secs":9223372036854775807}"#;
        assert_eq!(read(slips), Progress::Ready { expires_after: A_MONTH });
        assert_eq!(read(r#"{"expires_after_secs":-1}"#), Progress::Ready { expires_after: 0 });
        assert_eq!(
            read(r#"{"processing_info":{"state":"in_progress","check_after_secs":7,"progress_percent":8}}"#),
            Progress::Wait { check_after: 7 }
        );
        let failed = r#"{"processing_info":{"state":"failed","error":{"code":1,"message":"Unsupported codec"}}}"#;
        assert_eq!(read(failed), Progress::Failed("Unsupported codec".to_owned()));
    }
}
