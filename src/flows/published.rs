//! What of the script stands on X, by both of its names.

use super::outgoing::Known;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::media::Carried;
use crate::store::outbox::{Kind, Sending};
use crate::store::published::{self, Published};
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::{ProfileId, UserId, WelcomeMessageId};
use crate::x_api::welcome_messages::deep_link;

/// The script's name of a welcome message. `None`: it is not of the script's making.
pub async fn welcome_name<P: Platform>(
    p: &P,
    account: &UserId,
    welcome: &WelcomeMessageId,
) -> Result<Option<String>, Trouble> {
    Ok(p.first::<Published>(published::by_x_id(account, "welcome", welcome.as_str())).await?.map(|made| made.name))
}

/// The link that opens the conversation with this welcome message; without one of the name, with whatever is shown there.
pub async fn link_to<P: Platform>(p: &P, account: &UserId, name: &str) -> Result<String, Trouble> {
    let made: Option<Published> = p.first(published::named(account, "welcome", name)).await?;
    let id = made.map(|made| WelcomeMessageId::from(made.x_id));
    Ok(deep_link(account, id.as_ref()))
}

/// X's id of a profile of the script. `None`: X does not have it, and the account speaks as itself.
pub async fn profile<P: Platform>(p: &P, account: &UserId, name: &str) -> Result<Option<ProfileId>, Trouble> {
    let made: Option<Published> = p.first(published::named(account, "profile", name)).await?;
    Ok(made.map(|made| ProfileId::from(made.x_id)))
}

/// By which ids X knows what the message names.
pub async fn known<'a, P: Platform>(
    p: &P,
    sending: &Sending,
    speaks: Speaks,
    carried: Option<&'a Carried>,
) -> Result<Known<'a>, Trouble> {
    let account = &sending.conversation.account;
    let mut known = Known { speaks, carried, ..Known::default() };
    match sending.kind {
        Kind::Post => {
            if let Some(name) = sending.post().prompt {
                known.prompt = Some(link_to(p, account, &name).await?);
            }
        }
        Kind::Dm if speaks == Speaks::Plain => {}
        Kind::Dm => {
            if let Some(name) = sending.message().profile {
                known.speaker = profile(p, account, &name).await?;
            }
        }
    }
    Ok(known)
}
