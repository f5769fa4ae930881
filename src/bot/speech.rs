//! What a node says: its text, picture, buttons and speaker, rendered; and how it becomes messages.

use minijinja::Value;

use super::draft::Draft;
use super::effect::Effect;
use super::labels::cut;
use super::message::{Button, Media, Message, Target};
use super::script::{Link, Node, Script, Texts};
use super::template::{Unrendered, render};
use super::turn::Turn;

pub fn of(script: &Script, node: &Node, dice: u64, scope: &Value) -> Result<Draft, Unrendered> {
    let text = node.say.as_ref().map(|say| render(say.pick(dice), scope)).transpose()?;
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let media = picture(node.media.as_ref(), dice, scope)?;
    Ok(Draft {
        texts: text.into_iter().collect(),
        buttons: node.buttons.iter().filter_map(|link| button(link, scope).transpose()).collect::<Result<_, _>>()?,
        media,
        profile: node.profile.clone().or_else(|| script.profile.clone()),
    })
}

/// `None`: there is none, or its name came out empty.
pub fn picture(media: Option<&Texts>, dice: u64, scope: &Value) -> Result<Option<Media>, Unrendered> {
    // Other dice than the text's, so that the same text does not always bring the same picture.
    let name = media.map(|media| render(media.pick(dice.rotate_left(32)), scope)).transpose()?;
    Ok(name.filter(|name| !name.trim().is_empty()).map(|name| Media::of(name.trim())))
}

impl Turn<'_> {
    pub(super) fn say(&mut self, text: String) {
        // Nothing to say: who has nothing else to say either apologises in the end.
        if !text.trim().is_empty() {
            let profile = self.script.profile.clone();
            self.add(Draft { texts: vec![text], profile, ..Draft::default() });
        }
    }

    pub(super) fn say_one_of(&mut self, texts: &Texts) {
        let text = texts.pick(self.input.dice);
        let said = render(text, &self.scope.with(&self.state)).unwrap_or_else(|_| text.to_owned());
        self.say(said);
    }

    pub(super) fn add(&mut self, mut said: Draft) {
        // One that is made of a template may be longer than what was checked.
        said.buttons.iter_mut().for_each(|button| button.label = cut(&button.label, self.limits.label));
        let complete = self.draft.add(said, self.limits);
        self.tell(complete);
    }

    /// X takes no message without a text: buttons and pictures whose words came out empty go with the apology, and not at
    /// all to somebody who did not write.
    pub(super) fn tell(&mut self, messages: Vec<Message>) {
        for mut message in messages {
            if message.text.trim().is_empty() {
                if self.public.is_some() {
                    continue;
                }
                message.text.clone_from(&self.script.apology);
            }
            self.effects.push(Effect::Say(message));
        }
    }
}

/// `None`: what it leads to came out empty, or is no https address, which X would refuse together with the message.
pub fn button(link: &Link, scope: &Value) -> Result<Option<Button>, Unrendered> {
    let rendered = |template: &String| render(template, scope).map(|text| text.trim().to_owned());
    let target = if let Some(url) = &link.url {
        Target::Url(rendered(url)?)
    } else if let Some(post) = &link.post {
        Target::Post { text: rendered(&post.text)?, url: post.url.as_ref().map(rendered).transpose()? }
    } else if let Some(username) = &link.follow {
        Target::Follow(rendered(username)?.trim_start_matches('@').to_owned())
    } else {
        Target::Message(link.message.as_ref().map(rendered).transpose()?.unwrap_or_default())
    };
    let label = rendered(&link.label)?;
    let usable = !label.is_empty() && is_usable(&target);
    Ok(usable.then_some(Button { label, target }))
}

pub fn is_usable(target: &Target) -> bool {
    match target {
        Target::Url(url) => is_https(url),
        Target::Post { text, url } => !text.is_empty() && url.as_ref().is_none_or(|url| is_https(url)),
        Target::Follow(name) => !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
        Target::Message(id) => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

pub fn is_https(url: &str) -> bool {
    let host = url.strip_prefix("https://").unwrap_or_default();
    !host.is_empty() && !host.starts_with('/') && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}
