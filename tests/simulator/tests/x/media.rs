//! Files: uploaded in parts, processed, attached, refused.

use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use perch_simulator::{Grant, Handled, Permission};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, NEW, Said, subscribed};

const UPLOAD: &str = "/1.1/media/upload.json";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";

fn begin(client: &mut Client, kind: &str, category: &str, bytes: usize, shared: bool) -> String {
    let path = format!(
        "{UPLOAD}?command=INIT&total_bytes={bytes}&media_type={}&media_category={category}&shared={shared}",
        kind.replace('/', "%2F")
    );
    let said = client.as_account(Method::POST, &path);
    assert_eq!(said.status, 202, "{said:?}");
    said.body["media_id_string"].as_str().unwrap().to_owned()
}

fn append(client: &mut Client, id: &str, part: usize, bytes: &[u8]) -> Said {
    let path = format!("{UPLOAD}?command=APPEND&media_id={id}&segment_index={part}");
    let mut request = client.signed(Method::POST, &path, &[], ("account-token", "account-secret"));
    request.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=line".parse().unwrap());
    let body =
        [b"--line\r\nContent-Disposition: form-data; name=\"media\"\r\n\r\n", bytes, b"\r\n--line--\r\n"].concat();
    *request.body_mut() = Bytes::from(body);
    match client.x.handle(client.now, &request) {
        Handled::Answer(response) => response.into(),
        other => panic!("{other:?}"),
    }
}

fn finish(client: &mut Client, id: &str) -> Said {
    client.as_account(Method::POST, &format!("{UPLOAD}?command=FINALIZE&media_id={id}"))
}

fn upload(client: &mut Client, shared: bool) -> String {
    let id = begin(client, "image/png", "dm_image", PNG.len(), shared);
    assert_eq!(append(client, &id, 1, &PNG[5..]).status, 204);
    assert_eq!(append(client, &id, 0, &PNG[..5]).status, 204);
    assert_eq!(finish(client, &id).status, 201);
    id
}

fn send(client: &mut Client, id: &str) -> Said {
    let data = json!({"text": "look", "attachment": {"type": "media", "media": {"id": id}}});
    let body = json!({"event": {"type": "message_create", "message_create": {"target": {"recipient_id": ADA}, "message_data": data}}});
    client.json_as_account(Method::POST, NEW, &body)
}

#[test]
fn a_picture_is_uploaded_in_parts_and_sent_once_unless_it_is_shared() {
    let mut client = subscribed();
    let id = upload(&mut client, false);
    assert_eq!(client.x.media(&id).unwrap().bytes(), PNG);
    assert_eq!(send(&mut client, &id).status, 200);
    assert_eq!(send(&mut client, &id).code(), Some(324));
    let attachment: Value =
        client.receive().remove(0)["direct_message_events"][0]["message_create"]["message_data"]["attachment"].clone();
    assert_eq!((&attachment["media"]["id_str"], &attachment["media"]["type"]), (&json!(id), &json!("photo")));
    assert_eq!(client.x.said_to(ACCOUNT, ADA)[0].attachment.as_ref().unwrap().media_id, id);
    let shared = upload(&mut client, true);
    assert_eq!((send(&mut client, &shared).status, send(&mut client, &shared).status), (200, 200));
}

#[test]
fn a_video_is_ready_only_after_a_while() {
    let mut client = subscribed();
    let video = b"\0\0\0\x18ftypmp42";
    let id = begin(&mut client, "video/mp4", "dm_video", video.len(), true);
    append(&mut client, &id, 0, video);
    assert_eq!(finish(&mut client, &id).body["processing_info"]["state"], "in_progress");
    assert_eq!(send(&mut client, &id).code(), Some(324));
    client.now += 6_000;
    let status = client.as_account(Method::GET, &format!("{UPLOAD}?command=STATUS&media_id={id}"));
    assert_eq!(status.body["processing_info"]["state"], "succeeded");
    assert_eq!(send(&mut client, &id).status, 200);
}

#[test]
fn what_is_wrong_with_a_file_is_refused() {
    let mut client = subscribed();
    let missing = begin(&mut client, "image/png", "dm_image", PNG.len() + 1, true);
    append(&mut client, &missing, 0, PNG);
    assert_eq!(finish(&mut client, &missing).code(), Some(324), "a part is missing");
    let wrong = begin(&mut client, "image/jpeg", "dm_image", PNG.len(), true);
    append(&mut client, &wrong, 0, PNG);
    assert_eq!(finish(&mut client, &wrong).code(), Some(324), "a PNG is no JPEG");
    let large = format!("{UPLOAD}?command=INIT&total_bytes=6000000&media_type=image%2Fpng&media_category=dm_image");
    assert_eq!(client.as_account(Method::POST, &large).code(), Some(324));
    assert_eq!(send(&mut client, "12345").code(), Some(324), "nobody uploaded it");
    let late = upload(&mut client, true);
    client.now += 86_400_001;
    assert_eq!(send(&mut client, &late).code(), Some(324), "it has expired");
}

#[test]
fn a_file_that_a_customer_sends_is_given_to_the_two_who_write_and_to_nobody_else() {
    let mut client = subscribed();
    let file = |client: &mut Client, bytes: &'static [u8]| {
        client.x.customer_sends_file(client.now, ADA, ACCOUNT, "look", ("image/png", bytes.into()))
    };
    assert!(file(&mut client, b"no picture").is_err());
    let id = file(&mut client, PNG).unwrap();
    let event = client.receive().remove(0)["direct_message_events"][0].clone();
    assert_eq!(event["id"], json!(id));
    let data = &event["message_create"]["message_data"];
    assert!(data["text"].as_str().unwrap().starts_with("look https://t.co/"), "{data:#}");
    let url = data["attachment"]["media"]["media_url_https"].as_str().unwrap();
    let path = url.strip_prefix("https://ton.twitter.com").unwrap();
    let request = client.signed(Method::GET, path, &[], ("account-token", "account-secret"));
    let Handled::Answer(given) = client.x.handle(client.now, &request) else { panic!("no answer") };
    assert_eq!((given.status().as_u16(), given.body().as_ref()), (200, PNG));
    client.x.grant("4001", Grant::new("other", "other-secret", Permission::ReadWriteDm));
    let request = client.signed(Method::GET, path, &[], ("other", "other-secret"));
    let Handled::Answer(refused) = client.x.handle(client.now, &request) else { panic!("no answer") };
    assert_eq!(refused.status().as_u16(), 403);
    assert_eq!(client.x.conversation(ACCOUNT, ADA)[0].shown_text(), "look");
}
