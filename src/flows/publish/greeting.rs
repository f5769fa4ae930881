//! A welcome message of the script, made, changed or deleted on X, with its picture and its speaker.

use super::decide::{Present, fingerprint};
use super::picture::picture;
use super::{Action, Files, Site, Step, Stopped};
use crate::bot::message::Message;
use crate::bot::script::Script;
use crate::bot::welcome;
use crate::error::Trouble;
use crate::flows::outgoing::with_data;
use crate::platform::Platform;
use crate::store::published::{self, Published};
use crate::x_api::ids::{MediaId, ProfileId, WelcomeMessageId};
use crate::x_api::welcome_messages;

pub async fn welcome_message<P: Platform>(
    p: &P,
    site: &Site<'_>,
    script: &Script,
    files: &Files,
    step: &Step,
    present: &Present,
) -> Result<(), Stopped> {
    let account = &site.account.id;
    let made = present.made("welcome", &step.name);
    let message = welcome::message(script, &step.name).unwrap_or_default();
    let (picture, speaker) =
        if step.action == Action::Delete { (None, None) } else { face(p, site, files, &message).await? };
    let id = match step.action {
        Action::Delete => {
            if let Some(made) = made {
                match site.ask(p, |base| welcome_messages::delete(base, &made.x_id.as_str().into())).await {
                    // Gone already is as good.
                    Err(stopped) if stopped.is_not_there() => {}
                    other => drop(other?),
                }
            }
            p.sql(vec![published::forget(account, "welcome", &step.name)]).await?;
            return Ok(());
        }
        Action::Update => {
            let id: WelcomeMessageId = made.map(|made| made.x_id.clone()).unwrap_or_default().into();
            let call = |base: &str| {
                with_data(&message, picture.as_ref(), |data| {
                    welcome_messages::update(base, &id, data, speaker.as_ref())
                })
            };
            site.ask(p, call).await?;
            id
        }
        Action::Create | Action::Keep => {
            match present.lost(&message) {
                // X has it from a run that ended before it was written down.
                Some(id) => id,
                None => {
                    let call = |base: &str| {
                        with_data(&message, picture.as_ref(), |data| {
                            welcome_messages::new(base, &step.name, data, speaker.as_ref())
                        })
                    };
                    let response = site.ask(p, call).await?;
                    welcome_messages::made(&response)
                        .ok_or_else(|| Trouble::Network("X's answer names no id".to_owned()))?
                }
            }
        }
    };
    let made = Published {
        kind: "welcome".to_owned(),
        name: step.name.clone(),
        x_id: id.to_string(),
        fingerprint: fingerprint(script, files, &step.name),
    };
    p.sql(vec![published::keep(account, &made, p.now())]).await?;
    Ok(())
}

/// The picture and the speaker of a welcome message, by X's ids.
async fn face<P: Platform>(
    p: &P,
    site: &Site<'_>,
    files: &Files,
    message: &Message,
) -> Result<(Option<MediaId>, Option<ProfileId>), Stopped> {
    let account = &site.account.id;
    let picture = match &message.media {
        Some(named) => Some(picture(p, site, files, named).await?),
        None => None,
    };
    let speaker = match &message.profile {
        Some(name) => crate::flows::published::profile(p, account, name).await?,
        None => None,
    };
    Ok((picture, speaker))
}
