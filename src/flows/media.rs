//! Files of bots, kept until an account needs them on X: taken part by part.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::upload::PART;
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
    /// In words, and what to do about it.
    Wrong(&'static str, &'static str),
    Trouble(Trouble),
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

const ANEW: &str = "Bring the whole file again.";

/// `largest_video` in bytes.
pub async fn keep<P: Platform>(p: &P, part: &Part<'_>, largest_video: u64) -> Result<(), Refused> {
    let is_hash = part.sha256.len() == 64 && part.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(category) = Category::of(part.content_type) else {
        return Err(Refused::Wrong("X takes no files of this type", "Send a JPEG, PNG, WebP, GIF or MP4 file."));
    };
    let bytes = usize::try_from(part.bytes).unwrap_or_default();
    if bytes == 0 || bytes as u64 > category.most_bytes() {
        let mend = "Choose another file: X takes 5 MiB of a picture, 15 of a GIF and 512 of a video, and nothing that is empty.";
        return Err(Refused::Wrong("the file is empty, or larger than X takes", mend));
    }
    if category == Category::Video && bytes as u64 > largest_video {
        return Err(Refused::Wrong(
            "the video is larger than VIDEO_LIMIT_MB allows",
            "Make it smaller, or raise VIDEO_LIMIT_MB.",
        ));
    }
    // All parts but the last are full.
    let before = usize::try_from(part.part).ok().and_then(|part| part.checked_mul(PART));
    let size = before.and_then(|before| bytes.checked_sub(before)).map(|rest| rest.min(PART));
    if !is_hash
        || usize::try_from(part.parts).ok() != Some(bytes.div_ceil(PART))
        || part.data.is_empty()
        || size != Some(part.data.len())
    {
        return Err(Refused::Wrong("sha256, bytes, part, parts and what was sent do not fit together", ANEW));
    }
    if part.part == 0 && !Category::begins(part.content_type, part.data) {
        let why = "the file is not what its name says: its first bytes are those of another type";
        return Err(Refused::Wrong(why, "Save it anew as what its name says, or name it after what it is."));
    }
    if part.parts == 1 && hash(part.data) != part.sha256 {
        return Err(Refused::Wrong("the bytes are not those of the hash", ANEW));
    }
    let kept = media::keep_part(part.sha256, part.part, STANDARD.encode(part.data), part.parts, p.now());
    let mut rows = p.sql(kept.into()).await?;
    let here = rows.pop().unwrap_or_default().0.pop().and_then(|row| row.get("count")?.as_i64());
    if here != Some(part.parts) {
        return Ok(());
    }
    // What stands here may have come under another name for it.
    let is_right = is_whole(p, part).await?;
    let statement = if is_right {
        media::complete(part.sha256, part.content_type, part.bytes, part.parts, p.now())
    } else {
        media::drop_parts(part.sha256)
    };
    p.sql(vec![statement]).await?;
    if is_right { Ok(()) } else { Err(Refused::Wrong("the parts are not those of the hash", ANEW)) }
}

/// Whether the parts that are here are the file; one at a time, since together they may be more than a Worker holds.
async fn is_whole<P: Platform>(p: &P, file: &Part<'_>) -> Result<bool, Trouble> {
    let (mut all, mut bytes) = (Sha256::new(), 0);
    for part in 0..file.parts {
        let row: Option<media::Part> = p.first(media::part(file.sha256, part)).await?;
        let Some(data) = row.and_then(|row| STANDARD.decode(row.data).ok()) else { return Ok(false) };
        if part == 0 && !Category::begins(file.content_type, &data) {
            return Ok(false);
        }
        bytes += data.len();
        all.update(data);
    }
    Ok(in_words(&all.finalize()) == file.sha256 && i64::try_from(bytes) == Ok(file.bytes))
}

/// Which of these hashes are not complete here.
pub async fn missing<P: Platform>(p: &P, hashes: Vec<String>) -> Result<Vec<String>, Trouble> {
    if hashes.is_empty() {
        return Ok(hashes);
    }
    let known = p
        .rows(media::known_among(serde_json::to_string(&hashes).unwrap_or_default(), p.now()))
        .await?
        .texts("sha256")?;
    Ok(hashes.into_iter().filter(|hash| !known.contains(hash)).collect())
}

fn hash(bytes: &[u8]) -> String {
    in_words(&Sha256::digest(bytes))
}

fn in_words(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
