//! The profiles of a script, made on X: each with its picture, replaced as a whole when it changes.

use super::picture::picture;
use super::{Action, Files, Site, Step, Stopped};
use crate::bot::message::Media;
use crate::bot::script::Script;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::published::{self, Published};
use crate::x_api::custom_profiles;

pub async fn profile<P: Platform>(
    p: &P,
    site: &Site<'_>,
    script: &Script,
    files: &Files,
    step: &Step,
    old: Option<&Published>,
) -> Result<(), Stopped> {
    let account = &site.account.id;
    if let Some(profile) = script.profiles.get(&step.name).filter(|_| step.action != Action::Delete) {
        let picture = picture(p, site, files, &Media::of(&profile.avatar)).await?;
        let response = site.ask(p, |base| custom_profiles::new(base, &profile.name, &picture)).await?;
        let id =
            custom_profiles::made(&response).ok_or_else(|| Trouble::Network("X's answer names no id".to_owned()))?;
        let made = Published {
            kind: "profile".to_owned(),
            name: step.name.clone(),
            x_id: id.to_string(),
            fingerprint: super::decide::profile_fingerprint(profile, files),
        };
        p.sql(vec![published::keep(account, &made, p.now())]).await?;
    }
    if let Some(old) = old {
        match site.ask(p, |base| custom_profiles::delete(base, &old.x_id.as_str().into())).await {
            // Gone already is as good.
            Err(stopped) if stopped.is_not_there() => {}
            other => drop(other?),
        }
    }
    if step.action == Action::Delete {
        p.sql(vec![published::forget(account, "profile", &step.name)]).await?;
    }
    Ok(())
}
