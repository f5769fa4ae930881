//! What of the script stands on X, by both of its names.

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::published::{self, Published};
use crate::x_api::ids::{UserId, WelcomeMessageId};

/// The script's name of a welcome message. `None`: it is not of the script's making.
pub async fn welcome_name<P: Platform>(
    p: &P,
    account: &UserId,
    welcome: &WelcomeMessageId,
) -> Result<Option<String>, Trouble> {
    let rows = p.sql(vec![published::by_x_id(account, "welcome", welcome.as_str())]).await?;
    Ok(rows.into_iter().next().unwrap_or_default().first::<Published>()?.map(|made| made.name))
}
