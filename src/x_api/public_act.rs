//! What somebody does in public towards the account: mentions it, follows it, likes a post of it.

use serde_json::Value;

use super::event::{number, text};
use super::ids::{PostId, UserId};
use super::time::Timestamp;

/// The kinds of deliveries that may hold one.
pub const KINDS: &[&str] = &["mention", "follow", "favorite"];

/// One public act.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicAct {
    pub who: UserId,
    pub name: Option<String>,
    pub username: Option<String>,
    /// What was written; empty for a follow or a like.
    pub text: String,
    /// The post that was written or liked.
    pub post: Option<PostId>,
    pub created: Option<Timestamp>,
    /// Ids of everybody whom the post names, or who is followed, or whose post is liked.
    pub towards: Vec<UserId>,
}

impl PublicAct {
    /// `None` for what is no act of somebody towards somebody: a repost, an unfollow, or an item of another shape.
    ///
    /// See [X docs: Account Activity payloads](https://docs.x.com/x-api/account-activity/introduction).
    pub fn read(kind: &str, item: &Value) -> Option<Self> {
        match kind {
            "mention" if item.get("retweeted_status").is_none_or(Value::is_null) => {
                let full = item.pointer("/extended_tweet/full_text").or_else(|| item.get("text"));
                let entities = item.pointer("/extended_tweet/entities").or_else(|| item.get("entities"));
                let named = entities.and_then(|entities| entities.get("user_mentions")).and_then(Value::as_array);
                let towards = named.into_iter().flatten().filter_map(|user| id(user, "")).collect();
                let words = full.and_then(Value::as_str).unwrap_or_default().to_owned();
                Self::by(item, "/user", towards, words, post(item, ""))
            }
            "follow" if text(item, "/type").as_deref() == Some("follow") => {
                Self::by(item, "/source", id(item, "/target").into_iter().collect(), String::new(), None)
            }
            "favorite" => {
                let author = id(item, "/favorited_status/user").into_iter().collect();
                Self::by(item, "/user", author, String::new(), post(item, "/favorited_status"))
            }
            _ => None,
        }
    }

    fn by(item: &Value, user: &str, towards: Vec<UserId>, words: String, post: Option<PostId>) -> Option<Self> {
        let created = number(item, "/created_timestamp").or_else(|| number(item, "/timestamp_ms"));
        Some(Self {
            who: id(item, user)?,
            name: text(item, &format!("{user}/name")),
            username: text(item, &format!("{user}/screen_name")),
            text: words,
            post,
            created: created.and_then(Timestamp::sensible),
            towards,
        })
    }
}

fn id(item: &Value, place: &str) -> Option<UserId> {
    text(item, &format!("{place}/id_str")).or_else(|| text(item, &format!("{place}/id"))).map(UserId::from)
}

fn post(item: &Value, place: &str) -> Option<PostId> {
    text(item, &format!("{place}/id_str")).or_else(|| text(item, &format!("{place}/id"))).map(PostId::from)
}

#[cfg(test)]
mod tests {
    use crate::x_api::delivery::Envelope;
    use crate::x_api::event::Event;

    fn act(fixture: &str) -> Option<super::PublicAct> {
        let path = format!("{}/tests/fixtures/deliveries/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
        let body = std::fs::read_to_string(path).unwrap();
        match Envelope::read(&body).unwrap().items().into_iter().next().unwrap().event.unwrap() {
            Event::Act(act) => Some(act),
            _ => None,
        }
    }

    #[test]
    fn a_mention_a_follow_and_a_like_are_acts_and_an_unfollow_is_none() {
        let mention = act("mention").unwrap();
        assert!(!mention.text.is_empty() && mention.post.is_some() && mention.username.is_some());
        assert!(act("follow").is_some_and(|follow| follow.post.is_none() && follow.towards.len() == 1));
        assert!(act("favorite").is_some_and(|like| like.post.is_some()));
        for other in ["unfollow", "block", "mute", "typing", "post_deleted"] {
            assert_eq!(act(other), None, "{other}");
        }
    }
}
