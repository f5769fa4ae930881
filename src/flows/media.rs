//! Files of bots, kept until an account needs them on X: taken part by part.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::media;
use crate::x_api::media::Category;

/// One part of a file, as `perch apply` sends it.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub sha256: &'a str,
    /// From 0.
    pub part: i64,
    pub parts: i64,
    pub content_type: &'a str,
    /// Of the whole file.
    pub bytes: i64,
    pub data: &'a [u8],
}

/// Why a part is not taken.
#[derive(Debug)]
pub enum Refused {
    /// In words.
    Wrong(&'static str),
    Trouble(Trouble),
}

const MOST_PARTS: i64 = 512;

/// `largest_video` in bytes.
pub async fn keep<P: Platform>(p: &P, part: &Part<'_>, largest_video: u64) -> Result<(), Refused> {
    let is_hash = part.sha256.len() == 64 && part.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(category) = Category::of(part.content_type) else {
        return Err(Refused::Wrong("X takes no files of this type"));
    };
    if !is_hash
        || part.parts < 1
        || part.parts > MOST_PARTS
        || !(0..part.parts).contains(&part.part)
        || part.data.is_empty()
    {
        return Err(Refused::Wrong("sha256, part and parts do not fit together"));
    }
    let bytes = u64::try_from(part.bytes).unwrap_or_default();
    if bytes == 0 || bytes > category.most_bytes() {
        return Err(Refused::Wrong("the file is larger than X takes"));
    }
    if category == Category::Video && bytes > largest_video {
        return Err(Refused::Wrong("the video is larger than VIDEO_LIMIT_MB allows"));
    }
    if part.part == 0 && !Category::begins(part.content_type, part.data) {
        return Err(Refused::Wrong("the file is not what its name says: its first bytes are those of another type"));
    }
    if part.parts == 1 && hash(part.data) != part.sha256 {
        return Err(Refused::Wrong("the bytes are not those of the hash"));
    }
    let statements = vec![
        media::keep_part(part.sha256, part.part, STANDARD.encode(part.data)),
        media::complete(part.sha256, part.content_type, part.bytes, part.parts, p.now()),
    ];
    p.sql(statements).await.map(drop).map_err(Refused::Trouble)
}

/// Which of these hashes are not complete here.
pub async fn missing<P: Platform>(p: &P, hashes: Vec<String>) -> Result<Vec<String>, Trouble> {
    #[derive(Deserialize)]
    struct Known {
        sha256: String,
    }
    if hashes.is_empty() {
        return Ok(hashes);
    }
    let rows = p.sql(vec![media::known_among(serde_json::to_string(&hashes).unwrap_or_default())]).await?;
    let known: Vec<Known> = rows.into_iter().next().unwrap_or_default().all()?;
    Ok(hashes.into_iter().filter(|hash| known.iter().all(|known| known.sha256 != *hash)).collect())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
