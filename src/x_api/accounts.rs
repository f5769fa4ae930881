//! Whose token this is: id, name and username of the account that signs.

use serde_json::Value;

use super::event::text;
use super::ids::UserId;
use super::request::{Call, Response, encode};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Profile {
    pub id: UserId,
    pub name: String,
    pub username: String,
}

/// What tokens may do, as X's header says it: `read`, `read-write`, `read-write-directmessages`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access(String);

/// The header that tells it, beside the answer to any signed v1.1 call.
pub const ACCESS_LEVEL: &str = "x-access-level";

impl Access {
    pub fn may_message(&self) -> bool {
        self.0.contains("directmessages")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `None`: X does not say.
pub fn access(response: &Response) -> Option<Access> {
    let level = response.headers().get(ACCESS_LEVEL)?.to_str().ok()?;
    Some(Access(level.trim().to_ascii_lowercase()))
}

/// `GET /1.1/account/verify_credentials.json`, signed as the account.
pub fn whose(base: &str) -> Call {
    Call::get(base, "/1.1/account/verify_credentials.json").query("skip_status", "true")
}

/// `GET /2/users/me`, signed as the account.
pub fn me(base: &str) -> Call {
    Call::get(base, "/2/users/me")
}

/// `GET /2/users/by/username/:username`, as the app.
///
/// See [X docs: User lookup](https://docs.x.com/x-api/users/lookup/introduction).
pub fn by_name(base: &str, username: &str) -> Call {
    Call::get(base, format!("/2/users/by/username/{}", encode(username)))
}

/// A user of v2; `None` for nobody, which X says in a success.
pub fn read_v2(response: &Response) -> Option<Profile> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    let id = text(&body, "/data/id")?;
    Some(Profile {
        name: text(&body, "/data/name").unwrap_or_else(|| id.clone()),
        username: text(&body, "/data/username")?,
        id: id.into(),
    })
}

pub fn read(response: &Response) -> Option<Profile> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    let id = text(&body, "/id_str").or_else(|| text(&body, "/id"))?;
    Some(Profile {
        name: text(&body, "/name").unwrap_or_else(|| id.clone()),
        username: text(&body, "/screen_name").unwrap_or_else(|| id.clone()),
        id: id.into(),
    })
}
