//! The file of a message that we sent, put together from its parts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::refused::{Refused, find};
use crate::platform::Platform;
use crate::store::media::{self, Part};
use crate::x_api::ids::DmId;

/// Larger files are not shown: a Worker holds the whole of it at once (parts of 1 MiB).
const MOST_PARTS: i64 = 16;

#[derive(Clone, Debug)]
pub struct File {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// `None`: the message carried no file that is kept here, or a large one.
pub async fn file<P: Platform>(p: &P, account: Option<&str>, message: &DmId) -> Result<Option<File>, Refused> {
    #[derive(Deserialize)]
    struct Sent {
        sha256: String,
        content_type: String,
        parts: i64,
    }
    let account = find(p, account).await?;
    let sent: Option<Sent> = p.first(media::of_message(&account.id, message)).await?;
    let Some(Sent { sha256, content_type, parts }) = sent.filter(|sent| sent.parts <= MOST_PARTS) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    for part in 0..parts {
        let part: Option<Part> = p.first(media::part(&sha256, part)).await?;
        let Some(data) = part.and_then(|part| STANDARD.decode(part.data).ok()) else { return Ok(None) };
        bytes.extend(data);
    }
    Ok(Some(File { content_type, bytes }))
}
