//! A picture that a welcome message or a profile names, brought to X: a file of the bot's folder, or what stands at an address.

use super::{Files, Site, Stopped};
use crate::bot::message::Media;
use crate::error::Trouble;
use crate::flows::bring::bring;
use crate::platform::Platform;
use crate::store::media;
use crate::x_api::ids::MediaId;

pub async fn picture<P: Platform>(p: &P, site: &Site<'_>, files: &Files, named: &Media) -> Result<MediaId, Stopped> {
    let account = &site.account.id;
    match named {
        Media::Url(url) => bring(p, site.config, account, &media::key_of_address(url), Some(url)).await,
        Media::File(name) => {
            let missing = || Trouble::Settings(format!("the picture '{name}' was not brought here"));
            bring(p, site.config, account, files.get(name).ok_or_else(missing)?, None).await
        }
    }
}
