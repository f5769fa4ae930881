//! A file that came with a Direct Message: what it is, where X keeps it, and the call that fetches it.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::event::{number, text};
use super::request::Call;

/// X gives it out only to the two who write to each other, by a signed call.
///
/// See [X docs: Retrieving media](https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/retrieving-media).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// `photo`, `animated_gif` or `video`.
    pub kind: String,
    /// Starts with `https://`.
    pub url: String,
}

impl Attachment {
    /// From `message_data`. Of a video the variant that is best to look at.
    pub(super) fn read(data: &Value) -> Option<Self> {
        let media = data.pointer("/attachment/media")?;
        let variants = media.pointer("/video_info/variants").and_then(Value::as_array).into_iter().flatten();
        let best = variants
            .filter(|variant| text(variant, "/content_type").as_deref() == Some("video/mp4"))
            .max_by_key(|variant| number(variant, "/bitrate").unwrap_or_default())
            .and_then(|variant| text(variant, "/url"));
        let url = best.or_else(|| text(media, "/media_url_https"))?;
        let kind = text(media, "/type").unwrap_or_else(|| "photo".to_owned());
        url.starts_with("https://").then_some(Self { kind, url })
    }

    pub fn host(&self) -> &str {
        self.parts().0
    }

    /// `base` is where calls to its host go.
    pub fn fetch(&self, base: &str) -> Call {
        let (_, path, query) = self.parts();
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.fold(Call::get(base, path), |call, (key, value)| call.query(decoded(key), decoded(value)))
    }

    /// `GET /2/dm_conversations/media/:dm_id/:media_id/:resource_id`, for tokens of OAuth 2.0 alone: the last three parts of
    /// its address at X's file store. `None` where it is kept somewhere else.
    ///
    /// See [X docs: Direct Messages](https://docs.x.com/x-api/direct-messages/introduction).
    pub fn fetch_v2(&self, base: &str) -> Option<Call> {
        let (_, rest) = self.parts().1.split_once("/ton/data/dm/")?;
        let all: Vec<&str> = rest.split('/').collect();
        let [dm, media, resource] = all.as_slice() else { return None };
        let is_whole = all.iter().all(|part| !part.is_empty() && *part != "." && *part != "..");
        is_whole.then(|| Call::get(base, format!("/2/dm_conversations/media/{dm}/{media}/{resource}")))
    }

    /// Host, path and query.
    fn parts(&self) -> (&str, &str, &str) {
        let rest = self.url.strip_prefix("https://").unwrap_or_default();
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
        (host, path, query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_best_variant_of_a_video_is_taken_and_of_a_photo_its_address() {
        let photo = json!({"attachment": {"type": "media", "media": {"media_url_https": "https://ton.twitter.com/a", "type": "photo"}}});
        assert_eq!(Attachment::read(&photo).unwrap().url, "https://ton.twitter.com/a");
        let variant = |bitrate: i64, kind: &str| json!({"bitrate": bitrate, "content_type": kind, "url": format!("https://video.twimg.com/{bitrate}")});
        let video = json!({"attachment": {"media": {"type": "video", "media_url_https": "https://ton.twitter.com/thumb",
            "video_info": {"variants": [variant(1, "video/mp4"), variant(9, "video/mp4"), variant(99, "application/x-mpegURL")]}}}});
        let read = Attachment::read(&video).unwrap();
        assert_eq!((read.kind.as_str(), read.url.as_str()), ("video", "https://video.twimg.com/9"));
        for none in [json!({}), json!({"attachment": {"media": {"media_url_https": "http://ton.twitter.com/a"}}})] {
            assert_eq!(Attachment::read(&none), None);
        }
    }

    #[test]
    fn in_v2_the_last_three_parts_of_the_address_name_the_file() {
        let at = |url: &str| Attachment { kind: "photo".to_owned(), url: url.to_owned() }.fetch_v2("https://api.x.com");
        let call = at("https://ton.twitter.com/1.1/ton/data/dm/1/2/x.jpg?name=a").unwrap();
        assert_eq!((call.path.as_str(), call.query.len()), ("/2/dm_conversations/media/1/2/x.jpg", 0));
        for other in [
            "https://video.twimg.com/dm_video/1/vid/x.mp4",
            "https://ton.twitter.com/1.1/ton/data/dm/1/2",
            "https://ton.twitter.com/1.1/ton/data/dm/1/../x.jpg",
            "https://ton.twitter.com/1.1/ton/data/dm/1/2/3/x.jpg",
        ] {
            assert!(at(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_call_has_path_and_query_apart_since_both_are_signed() {
        let url = "https://ton.twitter.com/1.1/ton/data/dm/1/2/x.jpg?name=a%20b&tag".to_owned();
        let attachment = Attachment { kind: "photo".to_owned(), url };
        assert_eq!(attachment.host(), "ton.twitter.com");
        let call = attachment.fetch("http://127.0.0.1:1");
        assert_eq!(call.path, "/1.1/ton/data/dm/1/2/x.jpg");
        assert_eq!(call.query, [("name".into(), "a b".to_owned()), ("tag".into(), String::new())]);
    }
}
