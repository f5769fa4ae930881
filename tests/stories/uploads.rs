//! Files that are brought here part by part: only what they are said to be, and no longer than somebody names them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use perch::bot::script::Script;
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::media::{MIB, hash, showing, video};
use crate::world::World;
use crate::world::cast::{ADA, BRAND};

fn sends(world: &mut World, hash: &str, part: usize, (parts, bytes): (usize, usize), data: &[u8]) -> u16 {
    let target = format!("/api/media/part?sha256={hash}&part={part}&parts={parts}&type=video/mp4&bytes={bytes}");
    world.admin_bytes("POST", &target, data.to_vec()).status().as_u16()
}

#[test]
fn parts_have_to_make_up_the_file_that_they_are_said_to_be() {
    let mut world = World::new();
    let (file, bytes) = (video(), video().len());
    let (hash, parts) = (hash(&file), bytes.div_ceil(MIB));
    for (said, part, data) in [
        ((parts + 1, bytes), 0, &file[..MIB]),
        ((1, bytes), 0, &file[..MIB]),
        ((parts, bytes), 0, &file[..MIB - 1]),
        ((parts, bytes), 3, &file[3 * MIB..bytes - 1]),
        ((parts, bytes), 3, &file[..MIB]),
        ((parts, bytes), 4, &file[..5]),
        ((1, 12), 0, &file[..13]),
    ] {
        assert_eq!(sends(&mut world, &hash, part, said, data), 400, "{said:?} {part}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM media_parts"), 0);
    let mut other = file.clone();
    other[2 * MIB] ^= 1;
    // Under the same name as less of it: the first part is right, and one behind the end is none of this file's.
    assert_eq!(sends(&mut world, &hash, 5, (6, 6 * MIB), &other[..MIB]), 200);
    for (bytes, whole) in [(&other, 400), (&file, 200)] {
        let statuses: Vec<u16> = bytes
            .chunks(MIB)
            .enumerate()
            .map(|(part, data)| sends(&mut world, &hash, part, (parts, bytes.len()), data))
            .collect();
        assert_eq!(statuses, [200, 200, 200, whole]);
        let files = world.count("SELECT COUNT(*) FROM media_files");
        assert_eq!(files, i64::from(whole == 200));
    }
    assert_eq!(sends(&mut world, &hash, 2, (parts, bytes), &other[2 * MIB..3 * MIB]), 200, "too late to change it");
    let kept = world.rows("SELECT data FROM media_parts ORDER BY part LIMIT 1 OFFSET 2")[0]["data"].clone();
    assert!(kept.as_str().unwrap().starts_with(&STANDARD.encode(&file[2 * MIB..2 * MIB + 3])));
    world.passes(Span::days(3));
    assert_eq!(world.count("SELECT COUNT(*) FROM media_parts"), 0, "nobody needed it");
}

/// The first part of what is said to be a file of this type and length; the status, and where it is refused why and what to do.
fn begins(world: &mut World, (content_type, start): (&str, &[u8]), bytes: usize) -> (u16, String, String) {
    let (hash, parts) = ("a".repeat(64), bytes.div_ceil(MIB));
    let target = format!("/api/media/part?sha256={hash}&part=0&parts={parts}&type={content_type}&bytes={bytes}");
    let mut data = start.to_vec();
    data.resize(MIB, 0);
    let response = world.admin_bytes("POST", &target, data);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let said = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    (response.status().as_u16(), said("detail"), said("what_to_do"))
}

#[test]
fn a_file_is_as_large_as_x_takes_it_and_not_a_byte_more() {
    let mut world = World::new();
    // More than X takes is not allowed by any setting.
    world.set("VIDEO_LIMIT_MB", "600");
    for (content_type, start, most) in [
        ("image/jpeg", b"\xFF\xD8\xFF".as_slice(), 5 * MIB),
        ("image/png", b"\x89PNG\r\n\x1A\n".as_slice(), 5 * MIB),
        ("image/webp", b"RIFF\0\0\0\0WEBP".as_slice(), 5 * MIB),
        ("image/gif", b"GIF89a".as_slice(), 15 * MIB),
        ("video/mp4", b"\0\0\0\x18ftypmp42".as_slice(), 512 * MIB),
    ] {
        assert_eq!(begins(&mut world, (content_type, start), most).0, 200, "{content_type}");
        let (status, why, what_to_do) = begins(&mut world, (content_type, start), most + 1);
        assert!(status == 400 && why.contains("larger than X takes"), "{content_type}: {status} {why}");
        assert!(!what_to_do.is_empty(), "{content_type}");
    }
}

#[test]
fn a_video_is_as_large_as_its_setting_allows_and_not_a_byte_more() {
    let mut world = World::new();
    let video = ("video/mp4", b"\0\0\0\x18ftypmp42".as_slice());
    for (setting, most) in [(None, 25 * MIB), (Some("30"), 30 * MIB)] {
        if let Some(setting) = setting {
            world.set("VIDEO_LIMIT_MB", setting);
        }
        assert_eq!(begins(&mut world, video, most).0, 200, "{setting:?}");
        let (status, why, what_to_do) = begins(&mut world, video, most + 1);
        assert!(status == 400 && why.contains("VIDEO_LIMIT_MB"), "{setting:?}: {status} {why}");
        assert!(!what_to_do.is_empty(), "{setting:?}");
    }
}

#[test]
fn what_was_never_finished_is_gone_after_a_day() {
    let mut world = World::new();
    let file = video();
    let begun = (file.len().div_ceil(MIB), file.len());
    assert_eq!(sends(&mut world, &hash(&file), 0, begun, &file[..MIB]), 200);
    world.passes(Span::hours(23));
    assert_eq!(sends(&mut world, &hash(&file), 1, begun, &file[MIB..2 * MIB]), 200);
    world.passes(Span::hours(23));
    assert_eq!(world.count("SELECT COUNT(*) FROM media_parts"), 2, "it goes on");
    world.passes(Span::hours(2));
    for table in ["media_parts", "media_unfinished"] {
        assert_eq!(world.inner.borrow().database.whole(table), "", "{table}");
    }
}

#[test]
fn a_file_stays_while_a_version_of_a_script_or_a_message_names_it() {
    let mut world = showing("clip.mp4", &json!({"clip.mp4": hash(&video())}));
    let yaml = "version: 1\nname: two\nstart: a\nfallback: a\nnodes:\n  a: { say: No more, options: [{ label: Again, go: a }] }\n";
    let body = json!({"script": Script::read(yaml).unwrap(), "media": {}}).to_string();
    assert_eq!(world.admin("POST", "/api/scripts/apply", &body).status(), 200);
    let sent = b"\0\0\0\x18ftypmp42 sent".as_slice();
    let never = b"\0\0\0\x18ftypmp42 never sent".as_slice();
    for bytes in [sent, never] {
        assert_eq!(sends(&mut world, &hash(bytes), 0, (1, bytes.len()), bytes), 200);
    }
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    assert_eq!(world.acts(&ida, "say", ADA, &json!({"text": "Look.", "file": hash(sent)})).0, 200);
    let kept = |world: &World| {
        let all = world.rows("SELECT sha256 FROM media_files");
        [sent, never, &video()].map(|bytes| all.iter().any(|row| row["sha256"] == hash(bytes)))
    };
    world.passes(Span::hours(23));
    assert_eq!(kept(&world), [true, true, true]);
    let (_, missing) = world.api("POST", "/api/media/missing", &json!({"sha256": [hash(never)]}));
    assert_eq!(missing["missing"], json!([]));
    world.passes(Span::hours(20));
    assert_eq!(kept(&world), [true, true, true], "somebody is about to need it");
    world.passes(Span::days(2));
    assert_eq!(kept(&world), [true, false, true]);
    assert_eq!(world.count("SELECT COUNT(DISTINCT sha256) FROM media_parts"), 2);
    assert_eq!(world.admin("POST", "/api/scripts/rollback", r#"{"version":1}"#).status(), 200);
    world.api("POST", "/api/customers/forget", &json!({"account": BRAND, "customer": ADA}));
    world.passes(Span::days(2));
    assert_eq!(kept(&world), [false, false, true], "whoever is forgotten needs no file");
}
