//! Whose token this is: id, name and username of the account that signs.

use serde_json::Value;

use super::event::text;
use super::ids::UserId;
use super::request::{Call, Response};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: UserId,
    pub name: String,
    pub username: String,
}

/// `GET /1.1/account/verify_credentials.json`, signed as the account.
pub fn whose(base: &str) -> Call {
    Call::get(base, "/1.1/account/verify_credentials.json").query("skip_status", "true")
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
