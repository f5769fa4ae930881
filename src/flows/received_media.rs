//! The file of a message that an account got or sent, as a signed call to X: only what the message itself names, only
//! from hosts of X's.

use super::keys;
use super::refused::{Refused, find};
use crate::config::Config;
use crate::platform::Platform;
use crate::store::inbox;
use crate::x_api::delivery::Item;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::DmId;
use crate::x_api::request::Request;

/// Why there is no file.
#[derive(Debug)]
pub enum NoFile {
    Refused(Refused),
    /// X never delivered this message, or longer ago than it keeps messages.
    NoMessage,
    NoAttachment,
    /// Not one of `X_MEDIA_HOSTS`.
    Host(String),
}

impl<T: Into<Refused>> From<T> for NoFile {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

pub async fn call<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    message: &DmId,
) -> Result<Request, NoFile> {
    let account = find(p, account).await?;
    let raw = p.first::<inbox::Raw>(inbox::raw(&inbox::key(&account.id, "dm.message", message.as_str()))).await;
    let raw = raw.map_err(Refused::from)?;
    let message = raw.and_then(|row| Item::message(&row.raw).ok()).ok_or(NoFile::NoMessage)?;
    let attachment = message.attachment.ok_or(NoFile::NoAttachment)?;
    let base = config.media_base(attachment.host()).ok_or_else(|| NoFile::Host(attachment.host().to_owned()))?;
    if account.oauth2.is_some() && (account.tokens.is_empty() || account.speaks == Speaks::Plain) {
        let app = config.app().map_err(Refused::from)?;
        return match attachment.fetch_v2(&app.base) {
            Some(call) => Ok(call.with_bearer(&keys::bearer(p, config, &account).await.map_err(Refused::from)?)),
            // A bearer goes to X's API alone.
            None => Ok(attachment.fetch(&base).unsigned()),
        };
    }
    let keys = keys::of(p, config, &account).await.map_err(Refused::from)?;
    Ok(keys.sign(p, attachment.fetch(&base)))
}
