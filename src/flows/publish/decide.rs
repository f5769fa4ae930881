//! What publishing a script would change, decided on what is there: no I/O.

use sha2::{Digest, Sha256};

use super::{Action, Files, Step};
use crate::bot::message::Message;
use crate::bot::script::{Profile, Script};
use crate::bot::welcome;
use crate::store::published::Published;
use crate::store::scripts::Live;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::{ProfileId, UserId, WelcomeMessageId};
use crate::x_api::welcome_messages::{WelcomeMessage, deep_link};
use crate::x_api::welcome_rules::Rule;

/// What is there, before anything is changed.
pub struct Present {
    pub speaks: Speaks,
    pub live: Option<Live>,
    pub published: Vec<Published>,
    pub welcome: Vec<WelcomeMessage>,
    pub rules: Vec<Rule>,
    pub profiles: Vec<ProfileId>,
}

/// Decides; does nothing.
pub fn steps(script: &Script, files: &Files, account: &UserId, present: &Present) -> Vec<Step> {
    let body = serde_json::to_string(script).unwrap_or_default();
    let script_action = match &present.live {
        Some(live) if live.body == body && live.media() == *files => Action::Keep,
        Some(_) => Action::Update,
        None => Action::Create,
    };
    let mut steps = vec![Step::new("script", &script.name, script_action)];
    if present.speaks == Speaks::Plain {
        steps.extend(left_out(script));
        return steps;
    }
    let profiles = profile_steps(script, files, present);
    let speaks_anew = |name: &str| {
        let speaker = welcome::message(script, name).and_then(|message| message.profile);
        profiles.iter().any(|step| Some(&step.name) == speaker.as_ref() && step.action != Action::Keep)
    };
    let mut welcome_steps = Vec::new();
    for name in script.welcome_messages.keys() {
        let made = present.made("welcome", name);
        let on_x = made.filter(|made| present.welcome.iter().any(|known| known.id.as_str() == made.x_id));
        let mut step = Step::new(
            "welcome message",
            name,
            match on_x {
                // A profile that is made anew has another id on X.
                Some(made) if made.fingerprint == fingerprint(script, files, name) && !speaks_anew(name) => {
                    Action::Keep
                }
                Some(_) => Action::Update,
                None => Action::Create,
            },
        );
        step.link = on_x.map(|made| deep_link(account, Some(&made.x_id.as_str().into())));
        welcome_steps.push(step);
    }
    steps.extend(profiles);
    steps.extend(welcome_steps);
    for gone in present
        .published
        .iter()
        .filter(|made| made.kind == "welcome" && !script.welcome_messages.contains_key(&made.name))
    {
        steps.push(Step::new("welcome message", &gone.name, Action::Delete));
    }
    steps.extend(rule_step(script, present));
    steps
}

/// X shows nothing of an account that speaks plain before the first word, and knows no other speakers.
fn left_out(script: &Script) -> Option<Step> {
    let name =
        script.default_welcome.as_deref().or_else(|| script.welcome_messages.keys().next().map(String::as_str))?;
    let mut step = Step::new("welcome message", name, Action::Keep);
    step.note = Some("The account speaks plain: the bot says its default welcome to first words instead. Should X take the rich dialect again, publish once more.".to_owned());
    Some(step)
}

fn profile_steps(script: &Script, files: &Files, present: &Present) -> Vec<Step> {
    let wanted = script.profiles.iter().map(|(name, profile)| {
        let made = present.made("profile", name);
        let on_x = made.filter(|made| present.profiles.iter().any(|known| known.as_str() == made.x_id));
        let action = match on_x {
            Some(made) if made.fingerprint == profile_fingerprint(profile, files) => Action::Keep,
            Some(_) => Action::Update,
            None => Action::Create,
        };
        Step::new("profile", name, action)
    });
    let gone =
        present.published.iter().filter(|made| made.kind == "profile" && !script.profiles.contains_key(&made.name));
    wanted.chain(gone.map(|made| Step::new("profile", &made.name, Action::Delete))).collect()
}

fn rule_step(script: &Script, present: &Present) -> Option<Step> {
    let ours = |rule: &Rule| {
        present.published.iter().any(|made| made.kind == "welcome" && made.x_id == rule.welcome_message.as_str())
    };
    let foreign = present.rules.iter().find(|rule| !ours(rule));
    let Some(name) = &script.default_welcome else {
        let mut step = Step::new("default rule", "default", Action::Delete);
        return present.rules.iter().any(ours).then(|| {
            step.note = Some("The script names no default welcome message.".to_owned());
            step
        });
    };
    let wanted = present.made("welcome", name).map(|made| made.x_id.as_str());
    let stands = present.rules.len() == 1
        && present.rules.first().is_some_and(|rule| Some(rule.welcome_message.as_str()) == wanted);
    let mut step = Step::new(
        "default rule",
        name,
        match present.rules.is_empty() {
            _ if stands => Action::Keep,
            true => Action::Create,
            false => Action::Update,
        },
    );
    step.note = foreign
        .map(|rule| format!("It points at welcome message {} now, which is not of this script.", rule.welcome_message));
    Some(step)
}

impl Present {
    pub fn made(&self, kind: &str, name: &str) -> Option<&Published> {
        self.published.iter().find(|made| made.kind == kind && made.name == name)
    }

    /// A welcome message on X that says the same and is nobody's: made by a run that was cut off.
    pub fn lost(&self, wanted: &Message) -> Option<WelcomeMessageId> {
        let options: Vec<&str> = wanted.options.iter().map(|option| option.id.as_str()).collect();
        let is_known = |id: &WelcomeMessageId| self.published.iter().any(|made| made.x_id == id.as_str());
        let same =
            |known: &&WelcomeMessage| known.options == options && known.text == wanted.text && !is_known(&known.id);
        self.welcome.iter().find(same).filter(|_| !options.is_empty()).map(|known| known.id.clone())
    }
}

/// Another one means that X has to get the message anew: other words, another picture, another speaker.
pub fn fingerprint(script: &Script, files: &Files, name: &str) -> String {
    let Some(message) = welcome::message(script, name) else { return String::new() };
    let picture = message.media.as_ref().and_then(|media| files.get(media.name()));
    let speaker = message.profile.as_ref().and_then(|profile| script.profiles.get(profile));
    let speaker = speaker.map(|profile| profile_fingerprint(profile, files));
    hash(&(&message, picture, speaker))
}

pub fn profile_fingerprint(profile: &Profile, files: &Files) -> String {
    hash(&(profile, files.get(&profile.avatar)))
}

fn hash(value: &impl serde::Serialize) -> String {
    let hash = Sha256::digest(serde_json::to_string(value).unwrap_or_default().as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The public acts that a script takes up, each between spaces.
pub fn acts(script: &Script) -> String {
    let names: Vec<&str> = script.on.all().map(|(name, _)| name).collect();
    format!(" {} ", names.join(" "))
}
