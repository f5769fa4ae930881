//! Posts of the account that signs, and anybody's latest. These are v2: what X refuses it says in problem JSON.

use serde_json::{Value, json};

use super::pages::Page;
use super::strict::{invalid, is_id, known_keys};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::calendar;
use crate::links::shorten;
use crate::media::Media;
use crate::message::{set, shown};
use crate::parameters::query_of;
use crate::posts::Post;
use crate::simulator::Simulator;

const TEXT: usize = 280;
const REPEATED_WITHIN_MS: u64 = 600_000;

impl Simulator {
    pub(super) fn create_post(&mut self, call: &Call<'_>) -> Answer {
        let (user, proposed) = (call.user()?, read(call)?);
        if let Some(id) = &proposed.in_reply_to
            && self.post(id).is_none()
        {
            return Err(Refusal::problem(403, 200, "The post that this would answer is gone or cannot be seen."));
        }
        if let Some(id) = &proposed.media {
            let ready = |media: &&Media| media.owner == user && media.ready_ms.is_some_and(|at| at <= call.now_ms);
            let for_posts = self.media(id).filter(ready).is_some_and(|media| media.category.starts_with("tweet_"));
            if !for_posts {
                return Err(invalid("media.media_ids: your media IDs are invalid"));
            }
        }
        let own = self.posts.iter().filter(|post| post.author == user && post.written == proposed.text);
        if own.map(|post| post.created_ms).max().is_some_and(|last| call.now_ms < last + REPEATED_WITHIN_MS) {
            let detail = "You are not allowed to create a Tweet with duplicate content.";
            return Err(Refusal::problem(403, 187, detail));
        }
        let post = Post {
            in_reply_to: proposed.in_reply_to,
            direct_message_deep_link: proposed.deep_link,
            media: proposed.media,
            ..self.draft_post(call.now_ms, user, &proposed.text)
        };
        let body = json!({"data": {"id": post.id, "text": shown(&self.settings, &post.text)}});
        self.publish(call.now_ms, post);
        Ok(Reply::Answer(json_answer(201, &body)))
    }

    /// Newest first. As in all of v2, a field that is not asked for is not there.
    pub(super) fn list_posts(&mut self, call: &Call<'_>) -> Answer {
        let page = Page::read(call, ("max_results", 5..=100, 10), "pagination_token").map_err(|why| invalid(&why))?;
        let author = call.captured.first().map_or("", String::as_str);
        if self.user(author).is_none() {
            let error = json!({
                "title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found",
                "resource_type": "user", "parameter": "id", "value": author, "detail": "There is no such user.",
            });
            return Ok(Reply::Answer(json_answer(200, &json!({"errors": [error]}))));
        }
        let fields = call.parameters.get("tweet.fields").unwrap_or_default();
        let dated = fields.split(',').any(|field| field == "created_at");
        let (here, next) = page.of(self.posts.iter().filter(|post| post.author == author), |post| &post.id);
        let posts = here.iter().map(|post| {
            let mut body = json!({"id": post.id, "text": shown(&self.settings, &post.text)});
            if dated {
                set(&mut body, "created_at", json!(calendar::v2(post.created_ms)));
            }
            body
        });
        let posts: Vec<Value> = posts.collect();
        let mut meta = json!({"result_count": posts.len()});
        let ends = [("newest_id", here.first()), ("oldest_id", here.last())];
        for (key, post) in ends.into_iter().filter_map(|(key, post)| Some((key, post?))) {
            set(&mut meta, key, json!(post.id));
        }
        if let Some(next) = next {
            set(&mut meta, "next_token", json!(next));
        }
        let mut body = json!({"meta": meta});
        if !posts.is_empty() {
            set(&mut body, "data", json!(posts));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }
}

struct Proposed {
    text: String,
    in_reply_to: Option<String>,
    deep_link: Option<String>,
    media: Option<String>,
}

/// X knows more keys than these. Nobody here understands them, so that whoever sends one must find out.
fn read(call: &Call<'_>) -> Result<Proposed, Refusal> {
    let body = call.json().map_err(|_| invalid("the body is no JSON"))?;
    let body = known_keys(&body, "the body", &["text", "reply", "media", "direct_message_deep_link"])?;
    let text = body.get("text").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| invalid("text: must be a text"))?;
    if weight(text) > TEXT {
        return Err(invalid("text: is longer than 280"));
    }
    let in_reply_to = match body.get("reply") {
        None => None,
        Some(reply) => {
            let id = known_keys(reply, "reply", &["in_reply_to_tweet_id"])?.get("in_reply_to_tweet_id");
            let id = id.and_then(Value::as_str).filter(|id| is_id(id));
            Some(id.ok_or_else(|| invalid("reply.in_reply_to_tweet_id: must be an id"))?.to_owned())
        }
    };
    let deep_link = match body.get("direct_message_deep_link") {
        None => None,
        Some(link) => {
            let link = link.as_str().filter(|link| is_deep_link(link));
            Some(link.ok_or_else(|| invalid("direct_message_deep_link: must open a composer"))?.to_owned())
        }
    };
    let media = match body.get("media") {
        None => None,
        Some(media) => {
            let ids = known_keys(media, "media", &["media_ids"])?.get("media_ids").and_then(Value::as_array);
            let id = ids.and_then(|ids| ids.first()).and_then(Value::as_str).filter(|id| is_id(id));
            Some(id.ok_or_else(|| invalid("media.media_ids: must be ids"))?.to_owned())
        }
    };
    Ok(Proposed { text: text.to_owned(), in_reply_to, deep_link, media })
}

/// A short link has 23 characters, whatever it stands for; wide scripts and pictures count twice.
fn weight(text: &str) -> usize {
    let narrow = |letter: char| matches!(u32::from(letter), 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247);
    shorten(text, "").0.chars().map(|letter| if narrow(letter) { 1 } else { 2 }).sum()
}

fn is_deep_link(link: &str) -> bool {
    let place = link.split_once('?').map_or(link, |(place, _)| place);
    let composer = ["https://twitter.com/messages/compose", "https://x.com/messages/compose"].contains(&place);
    composer && query_of(link, "recipient_id").is_some_and(|id| is_id(&id))
}
