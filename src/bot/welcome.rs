//! A script's welcome message as the message that it is.

use super::message::{Choice, Media, Message};
use super::offers::WELCOME;
use super::script::Script;
use super::speech;

/// `None`: the script has none of this name.
pub fn message(script: &Script, name: &str) -> Option<Message> {
    let welcome = script.welcome_messages.get(name)?;
    let options = welcome.options.iter().map(|option| Choice {
        id: format!("{WELCOME}{name}/{}", option.id()),
        label: option.label.clone(),
        description: option.description.clone(),
    });
    let buttons =
        welcome.buttons.iter().filter_map(|link| speech::button(link, &minijinja::Value::UNDEFINED).ok().flatten());
    Some(Message {
        text: welcome.say.clone(),
        options: options.collect(),
        buttons: buttons.collect(),
        media: welcome.media.as_deref().map(Media::of),
        profile: welcome.profile.clone().or_else(|| script.profile.clone()),
    })
}
