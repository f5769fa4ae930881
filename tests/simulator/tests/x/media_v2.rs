//! Files in v2: uploaded in parts, ready after a while, sent once unless they are shared.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, SEND_V2, Said};
use crate::oauth2::confidential;

const UPLOAD: &str = "/2/media/upload";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";
const MP4: &[u8] = b"\0\0\0\x18ftypmp42";

fn begin(client: &mut Client, kind: &str, category: &str, bytes: usize, shared: bool) -> String {
    let body = json!({"media_type": kind, "media_category": category, "total_bytes": bytes, "shared": shared});
    let said = client.json_as_account(Method::POST, &format!("{UPLOAD}/initialize"), &body);
    assert_eq!((said.status, &said.body["data"]["expires_after_secs"]), (200, &json!(86_400)), "{said:?}");
    said.body["data"]["id"].as_str().unwrap().to_owned()
}

fn append(client: &mut Client, id: &str, index: usize, bytes: &[u8]) -> Said {
    let body = json!({"media": STANDARD.encode(bytes), "segment_index": index});
    client.json_as_account(Method::POST, &format!("{UPLOAD}/{id}/append"), &body)
}

fn finish(client: &mut Client, id: &str) -> Said {
    client.as_account(Method::POST, &format!("{UPLOAD}/{id}/finalize"))
}

fn upload(client: &mut Client, shared: bool) -> String {
    let id = begin(client, "image/png", "dm_image", PNG.len(), shared);
    append(client, &id, 0, PNG);
    assert_eq!(finish(client, &id).status, 200);
    id
}

fn send(client: &mut Client, id: &str) -> Said {
    client.json_as_account(Method::POST, SEND_V2, &json!({"attachments": [{"media_id": id}]}))
}

#[test]
fn a_picture_comes_in_parts_as_json_or_multipart_and_is_sent_without_words() {
    let mut client = Client::new();
    let id = begin(&mut client, "image/png", "dm_image", PNG.len(), false);
    assert_eq!(append(&mut client, &id, 1, &PNG[5..]).body["data"]["expires_at"], client.now / 1000 + 86_400);
    let path = format!("{UPLOAD}/{id}/append");
    let mut request = client.signed(Method::POST, &path, &[], ("account-token", "account-secret"));
    request.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=line".parse().unwrap());
    let field = |name: &str| format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes();
    let body =
        [field("segment_index"), b"0\r\n".to_vec(), field("media"), PNG[..5].to_vec(), b"\r\n--line--\r\n".to_vec()];
    *request.body_mut() = Bytes::from(body.concat());
    assert_eq!(client.ask(&request).status, 200);
    let done = finish(&mut client, &id);
    let expected = json!({"id": id, "media_key": format!("3_{id}"), "size": PNG.len(), "expires_after_secs": 86_400});
    assert_eq!(done.body["data"], expected);
    assert_eq!(client.x.media(&id).unwrap().bytes(), PNG);
    assert_eq!(send(&mut client, &id).status, 201);
    assert_eq!(client.x.said_to(ACCOUNT, ADA)[0].attachment.as_ref().unwrap().media_id, id);
    let listed = client.as_account(Method::GET, "/2/dm_events?expansions=attachments.media_keys");
    assert_eq!(listed.body["data"][0]["attachments"]["media_keys"][0], format!("3_{id}"));
    assert_eq!(listed.body["includes"]["media"][0]["type"], "photo");
}

#[test]
fn a_file_is_sent_once_by_its_owner_before_it_expires() {
    let mut client = Client::new();
    let once = upload(&mut client, false);
    assert_eq!((send(&mut client, &once).status, send(&mut client, &once).status), (201, 400));
    let shared = upload(&mut client, true);
    assert_eq!((send(&mut client, &shared).status, send(&mut client, &shared).status), (201, 201));
    client.grant_ada();
    let of_account = upload(&mut client, true);
    let mut request =
        client.signed(Method::POST, "/2/dm_conversations/with/2001/messages", &[], ("ada-token", "ada-secret"));
    request.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());
    *request.body_mut() = json!({"attachments": [{"media_id": of_account}]}).to_string().into();
    assert_eq!(client.ask(&request).status, 400, "it is not hers");
    client.now += 86_400_001;
    assert_eq!(send(&mut client, &of_account).status, 400, "it has expired");
}

#[test]
fn a_video_is_pending_then_in_progress_then_ready_or_not() {
    for (bytes, end, status) in [(MP4, "succeeded", 201), (PNG, "failed", 400)] {
        let mut client = Client::new();
        let id = begin(&mut client, "video/mp4", "dm_video", bytes.len(), false);
        append(&mut client, &id, 0, bytes);
        let done = finish(&mut client, &id);
        assert_eq!(done.body["data"]["processing_info"]["state"], "pending");
        assert_eq!(done.body["data"]["media_key"], format!("7_{id}"));
        let path = format!("{UPLOAD}?media_id={id}&command=STATUS");
        assert_eq!(client.as_account(Method::GET, &path).body["data"]["processing_info"]["state"], "in_progress");
        assert_eq!(send(&mut client, &id).status, 400, "not yet");
        client.now += 6_000;
        assert_eq!(client.as_account(Method::GET, &path).body["data"]["processing_info"]["state"], end);
        assert_eq!(send(&mut client, &id).status, status);
    }
}

#[test]
fn v1_and_v2_have_the_same_files() {
    let mut client = Client::new();
    let id = upload(&mut client, true);
    let data = json!({"text": "look", "attachment": {"type": "media", "media": {"id": id}}});
    assert_eq!(client.send(&data).status, 200);
    let old = "/1.1/media/upload.json?command=STATUS&media_id=";
    assert_eq!(client.as_account(Method::GET, &format!("{old}{id}")).body["processing_info"]["state"], "succeeded");
}

#[test]
fn what_is_wrong_with_an_upload_is_a_problem() {
    let mut client = Client::new();
    for body in [
        json!({}),
        json!({"media_type": "image/png", "media_category": "dm_image", "total_bytes": "9"}),
        json!({"media_type": "image/png", "media_category": "dm_image", "total_bytes": 9, "shared": "true"}),
        json!({"media_type": "image/png", "media_category": "DmImage", "total_bytes": 9}),
        json!({"media_type": "image/svg", "media_category": "dm_image", "total_bytes": 9}),
        json!({"media_type": "image/png", "media_category": "dm_image", "total_bytes": 6_000_000}),
        json!({"media_type": "image/png", "media_category": "dm_image", "total_bytes": 9, "command": "INIT"}),
    ] {
        let said = client.json_as_account(Method::POST, &format!("{UPLOAD}/initialize"), &body);
        assert_eq!((said.status, said.body["title"].as_str()), (400, Some("Invalid Request")), "{body}");
    }
    let id = begin(&mut client, "image/png", "dm_image", PNG.len() + 1, false);
    append(&mut client, &id, 0, PNG);
    assert_eq!(finish(&mut client, &id).status, 400, "a byte is missing");
    assert_eq!(append(&mut client, "77", 0, PNG).status, 400, "nobody began it");
    assert_eq!(append(&mut client, &id, 1_000, PNG).status, 400, "it is the thousand and first");
}

#[test]
fn uploading_wants_the_scope_for_it() {
    let mut client = confidential();
    let body = json!({"media_type": "image/png", "media_category": "dm_image", "total_bytes": 9});
    for (scope, status) in [("media.write", 200), ("dm.write", 403)] {
        let token = client.x.grant2(client.now, ACCOUNT, &[scope]).access_token;
        assert_eq!(client.with_token(Method::POST, &format!("{UPLOAD}/initialize"), &token, &body).status, status);
    }
    let token = client.x.grant2(client.now, ACCOUNT, &["media.write"]).access_token;
    assert_eq!(client.with_token(Method::POST, &format!("{UPLOAD}/7/finalize"), &token, &Value::Null).status, 400);
}
