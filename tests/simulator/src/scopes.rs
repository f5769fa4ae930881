//! What a token of OAuth 2.0 must be good for at each endpoint of v2.

use crate::answer::Refusal;
use crate::endpoint::Endpoint;

const ALL: &[&str] = &[
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "users.email",
    "follows.read",
    "follows.write",
    "offline.access",
    "space.read",
    "mute.read",
    "mute.write",
    "like.read",
    "like.write",
    "list.read",
    "list.write",
    "block.read",
    "block.write",
    "bookmark.read",
    "bookmark.write",
    "dm.read",
    "dm.write",
    "media.write",
];

pub(crate) fn is_scope(name: &str) -> bool {
    ALL.contains(&name)
}

/// Names the first scope that is missing.
pub(crate) fn suffice(scopes: &[String], endpoint: Endpoint) -> Result<(), Refusal> {
    let missing = needed(endpoint).iter().find(|scope| !scopes.iter().any(|known| known == *scope));
    match missing {
        Some(scope) => Err(Refusal::problem(403, 220, &format!("The access token lacks the scope {scope}."))),
        None => Ok(()),
    }
}

fn needed(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::SendV2 => &["dm.write", "tweet.read", "users.read"],
        Endpoint::ListEventsV2 | Endpoint::ShowEventV2 => &["dm.read", "tweet.read", "users.read"],
        Endpoint::GiveFileV2 => &["dm.read"],
        Endpoint::BeginMediaV2 | Endpoint::AppendMediaV2 | Endpoint::FinishMediaV2 | Endpoint::MediaStatusV2 => {
            &["media.write"]
        }
        Endpoint::DeleteEventV2 => &["dm.read", "dm.write"],
        Endpoint::Subscribe | Endpoint::CheckSubscription => &["dm.read", "dm.write", "tweet.read", "users.read"],
        Endpoint::CreatePost => &["tweet.read", "tweet.write", "users.read"],
        // It depends on the kind of event: see endpoints/activity.rs.
        Endpoint::CreateActivity | Endpoint::ListActivity => &[],
        _ => &["tweet.read", "users.read"],
    }
}
