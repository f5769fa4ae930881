//! Custom profiles (v1.1): the name and the face of whoever speaks for an account. X allows them to accounts of its choice.

use serde_json::{Value, json};

use super::event::{Unreadable, text};
use super::ids::{MediaId, ProfileId};
use super::request::{Body, Call, Response, encode};

/// The most characters of a name.
pub const LONGEST_NAME: usize = 48;

const PLACE: &str = "/1.1/custom_profiles";

/// `POST …/new.json`. A profile cannot be changed; another one takes its place.
///
/// See [X docs: Custom profiles](https://developer.x.com/en/docs/x-api/v1/direct-messages/custom-profiles/overview).
pub fn new(base: &str, name: &str, avatar: &MediaId) -> Call {
    let body = json!({"custom_profile": {"name": name, "avatar": {"media": {"id": avatar}}}});
    Call::post(base, format!("{PLACE}/new.json")).body(Body::Json(body.to_string()))
}

/// `GET …/list.json`.
pub fn list(base: &str, cursor: Option<&str>) -> Call {
    Call::get(base, format!("{PLACE}/list.json")).query("count", "50").at(cursor)
}

/// `GET …/ID.json`.
pub fn show(base: &str, id: &ProfileId) -> Call {
    Call::get(base, format!("/1.1/custom_profiles/{}.json", encode(id.as_str())))
}

/// `DELETE …/destroy.json`.
pub fn delete(base: &str, id: &ProfileId) -> Call {
    Call::delete(base, format!("{PLACE}/destroy.json")).query("id", id.as_str())
}

pub fn made(response: &Response) -> Option<ProfileId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/custom_profile/id").map(ProfileId::from)
}

/// The ids of an answer to the list.
pub fn all(response: &Response) -> Result<Vec<ProfileId>, Unreadable> {
    let body: Value =
        serde_json::from_slice(response.body()).map_err(|_| Unreadable("X's list of profiles is no JSON"))?;
    let all = body.get("custom_profiles").and_then(Value::as_array);
    Ok(all.into_iter().flatten().filter_map(|profile| text(profile, "/id")).map(ProfileId::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_profile_is_written_and_read_as_x_documents_it() {
        let Body::Json(json) = new("https://api.x.com", "Jon C", &"1234".into()).body else { panic!("JSON expected") };
        assert_eq!(json, r#"{"custom_profile":{"avatar":{"media":{"id":"1234"}},"name":"Jon C"}}"#);
        let made_by_x = br#"{"custom_profile":{"id":"100001","created_timestamp":"1","name":"Jon C","avatar":{}}}"#;
        assert_eq!(made(&Response::new(Bytes::from_static(made_by_x))).unwrap().as_str(), "100001");
        let listed = br#"{"custom_profiles":[{"id":"100001"},{"id":2}]}"#;
        assert_eq!(all(&Response::new(Bytes::from_static(listed))).unwrap().len(), 2);
    }
}
