//! Public posts (v2): create one.

use serde::Serialize;
use serde_json::Value;

use super::event::text;
use super::ids::{MediaId, PostId};
use super::request::{Body, Call, Response};

/// What X counts for any link.
const LINK: usize = 23;
/// The most that X takes, in its own weights.
pub const LONGEST: usize = 280;

/// What is posted. Exact, since X refuses what it does not know.
#[derive(Clone, Debug, Serialize)]
pub struct NewPost<'a> {
    pub text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media<'a>>,
    /// Shows a button to a Direct Message below the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_message_deep_link: Option<&'a str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reply<'a> {
    pub in_reply_to_tweet_id: &'a str,
}

/// Files that were uploaded for posts.
#[derive(Clone, Debug, Serialize)]
pub struct Media<'a> {
    pub media_ids: [&'a MediaId; 1],
}

impl<'a> Media<'a> {
    pub fn of(id: &'a MediaId) -> Self {
        Self { media_ids: [id] }
    }
}

/// `POST /2/tweets`, signed as the account.
///
/// See [X docs: Create a post](https://docs.x.com/x-api/posts/create-post).
pub fn create(base: &str, post: &NewPost<'_>) -> Call {
    Call::post(base, "/2/tweets").body(Body::Json(serde_json::to_string(post).unwrap_or_default()))
}

/// X's id for the post that it has just taken.
pub fn created(response: &Response) -> Option<PostId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/data/id").map(PostId::from)
}

/// X refuses a text that the account has posted a moment ago: what was tried before has come through.
pub fn is_duplicate(response: &Response) -> bool {
    response.status() == http::StatusCode::FORBIDDEN
        && String::from_utf8_lossy(response.body()).to_ascii_lowercase().contains("duplicate")
}

/// The text as far as X takes it: a link counts 23, most letters of Latin scripts 1, everything else 2.
///
/// See [X docs: Counting characters](https://docs.x.com/fundamentals/counting-characters).
pub fn fitted(text: &str) -> String {
    if weight(text) <= LONGEST {
        return text.to_owned();
    }
    let kept = text.get(..end_within(text, LONGEST - 2)).unwrap_or_default();
    format!("{}…", kept.trim_end())
}

/// Where the longest beginning of the text ends that counts no more than `most`; each character is looked at once, since a
/// text from outside may be a long one.
fn end_within(text: &str, most: usize) -> usize {
    // `word` is what the word at hand counts so far: its letters, or a link.
    let (mut before, mut word_at, mut letters, mut word, mut longest) = (0, 0, 0, 0, 0);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            before += word + 1;
            (word_at, letters, word) = (end, 0, 0);
        } else {
            letters += letter(c);
            word = if text.get(word_at..end).is_some_and(is_link) { LINK } else { letters };
        }
        if before + word <= most {
            longest = end;
        }
    }
    longest
}

/// How much X counts the text for.
pub fn weight(text: &str) -> usize {
    let words = text.split(char::is_whitespace);
    let links: usize = words.clone().filter(|word| is_link(word)).map(|_| LINK).sum();
    let gaps = text.chars().filter(|c| c.is_whitespace()).count();
    let letters: usize = words.filter(|word| !is_link(word)).flat_map(str::chars).map(letter).sum();
    links + gaps + letters
}

/// Whether X will show a link in it.
pub fn has_link(text: &str) -> bool {
    text.split(char::is_whitespace).any(is_link)
}

fn is_link(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

fn letter(c: char) -> usize {
    let light = matches!(u32::from(c), 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247);
    if light { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_post_is_written_as_x_documents_it() {
        let post = NewPost {
            text: "Hi",
            reply: Some(Reply { in_reply_to_tweet_id: "7" }),
            media: None,
            direct_message_deep_link: None,
        };
        let Body::Json(json) = create("https://api.x.com", &post).body else { panic!("JSON expected") };
        assert_eq!(json, r#"{"text":"Hi","reply":{"in_reply_to_tweet_id":"7"}}"#);
        let answer = Response::new(Bytes::from_static(br#"{"data":{"id":"12","text":"Hi"}}"#));
        assert_eq!(created(&answer).unwrap().as_str(), "12");
    }

    #[test]
    fn a_long_text_is_cut_to_what_x_takes() {
        assert_eq!(fitted(&"a".repeat(280)).chars().count(), 280);
        assert!(weight(&fitted(&"a".repeat(300))) <= LONGEST);
        assert!(weight(&fitted(&"雪".repeat(200))) <= LONGEST);
        let with_link = format!("{} https://example.com/{}", "a".repeat(250), "b".repeat(400));
        assert_eq!(fitted(&with_link), with_link, "a link counts the same however long it is");
        assert_eq!(fitted(&format!("{with_link} {}", "c".repeat(9))), format!("{with_link} ccc…"));
        // Each letter that was too many once had all of them counted anew.
        assert!(fitted(&"é ".repeat(200_000)).chars().count() < 280);
        assert_eq!(weight("see https://example.com/a/very/long/path/that/counts/as/twenty/three"), 27);
    }
}
