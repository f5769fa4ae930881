//! A script's welcome message as the message that it is.

use super::draft::Draft;
use super::effect::Stepped;
use super::message::{Choice, Media, Message};
use super::offers::WELCOME;
use super::script::Script;
use super::speech;
use super::turn::{Entry, Turn};

impl Turn<'_> {
    /// The default welcome message as the first answer, where X shows none before the first word.
    pub fn greet(mut self) -> Stepped {
        let script = self.script;
        let Some(welcome) = script.default_welcome.as_deref().and_then(|name| message(script, name)) else {
            return self.run(Entry::to(&script.start));
        };
        let Message { text, options, buttons, media, profile, .. } = welcome;
        self.add(Draft { texts: vec![text], buttons, media, profile });
        if options.is_empty() {
            return self.run(Entry::to(&script.start));
        }
        self.state.arrive(&script.start);
        self.end(options)
    }
}

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
        ..Message::default()
    })
}
