//! Mistakes in what a script says about the account, consent and its own words.

use std::collections::BTreeSet;

use super::nodes::{check_media, check_texts};
use super::options::{check_buttons, check_label, check_options, is_fixed, silences};
use super::{Found, Limits};
use crate::bot::consent::is_among;
use crate::bot::matching::folded;
use crate::bot::offers::WELCOME;
use crate::bot::pattern::Pattern;
use crate::bot::scope::RESERVED;
use crate::bot::script::{Script, Texts, Welcome};

pub fn check(script: &Script, limits: &Limits, found: &mut Found) {
    check_words(script, found);
    check_variables(script, found);
    for (name, profile) in &script.profiles {
        let place = format!("profiles.{name}");
        if profile.name.trim().is_empty() {
            found.add(&place, "A profile without a name.", "Give it the name that customers see.");
        }
        found.too_long(&format!("{place}.name"), &profile.name, limits.profile_name);
        check_media(&format!("{place}.avatar"), &Texts::One(profile.avatar.clone()), found);
    }
    found.profile(script, "profile", script.profile.as_ref());
    for (name, welcome) in &script.welcome_messages {
        check_welcome(script, name, welcome, limits, found);
    }
    if let Some(name) = script.default_welcome.as_ref().filter(|name| !script.welcome_messages.contains_key(*name)) {
        found.add(
            "default_welcome",
            format!("There is no welcome message '{name}'."),
            "Name one of 'welcome_messages', or add it.",
        );
    }
    for (place, label) in [("start_over", &script.start_over), ("more", &script.more)] {
        check_label(script, place, label, limits, found);
        found.without_templates(place, label);
    }
    found.without_templates("apology", &script.apology);
    if script.apology.trim().is_empty() {
        found.add("apology", "It says nothing.", "Give it a text, or leave it out.");
    }
}

fn check_words(script: &Script, found: &mut Found) {
    for (place, consent) in [("opt_out", &script.opt_out), ("opt_in", &script.opt_in)] {
        if consent.words.iter().all(|word| word.trim().is_empty()) {
            found.add(&format!("{place}.words"), "X's rules want a word for this.", "Give it at least one word.");
        }
        check_texts(&format!("{place}.say"), &consent.say, usize::MAX, found);
    }
    let mut known = BTreeSet::new();
    for command in script.commands.keys() {
        let place = format!("commands.{command}");
        if let Err(why) = Pattern::read(command) {
            found.add(
                &place,
                format!("The command cannot be read: {why}."),
                "Write words, and captures such as {order:int}.",
            );
        }
        if is_among(&script.opt_out.words, command) {
            found.add(&place, silences(command), "Use another word, or give 'opt_out' words of its own.");
        }
        // What captures is compared as it stands, and may fit beside another one.
        if !command.contains('{') && !known.insert(folded(command)) {
            let mend = "Leave one of them out: case, marks and pictures do not matter.";
            found.add(&place, "Another command is written the same.", mend);
        }
    }
    for word in script.opt_in.words.iter().filter(|word| is_among(&script.opt_out.words, word)) {
        found.add("opt_in.words", silences(word), "Use another word: nobody could come back with it.");
    }
}

fn check_variables(script: &Script, found: &mut Found) {
    script.each_variable(&mut |place, name, _| {
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if !is_name || name.is_empty() {
            found.add(&place(), format!("'{name}' cannot be the name of a variable."), "Use letters, digits and '_'.");
        } else if RESERVED.contains(&name) {
            found.add(&place(), format!("'{name}' has a meaning of its own."), "Give the variable another name.");
        }
    });
}

fn check_welcome(script: &Script, name: &str, welcome: &Welcome, limits: &Limits, found: &mut Found) {
    let place = format!("welcome_messages.{name}");
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || " _-#@".contains(c));
    if !is_name || name.is_empty() || name.len() > limits.welcome_name || name.contains('/') {
        found.add(&place, "X takes no such name.", "Use up to 100 letters, digits, spaces, '-', '_', '#' and '@'.");
    }
    check_texts(&format!("{place}.say"), &Texts::One(welcome.say.clone()), limits.welcome, found);
    if let Some(media) = &welcome.media {
        check_media(&format!("{place}.media"), &Texts::One(media.clone()), found);
    }
    check_options(script, &place, &format!("{WELCOME}{name}"), &welcome.options, limits, found);
    check_buttons(&place, &welcome.buttons, limits, found);
    found.profile(script, &format!("{place}.profile"), welcome.profile.as_ref());
    let mut texts = vec![Some(&welcome.say), welcome.media.as_ref()];
    welcome.options.iter().for_each(|option| texts.extend([Some(&option.label), option.description.as_ref()]));
    welcome.buttons.iter().for_each(|link| texts.extend(link.texts().map(|(_, text)| text)));
    if texts.into_iter().flatten().any(|text| !is_fixed(text)) {
        found.add(&place, "A welcome message is the same for everybody: it has no templates.", "Write it out.");
    }
    for (index, option) in welcome.options.iter().enumerate() {
        if option.each.is_some() {
            found.add(
                &format!("{place}.options[{index}]"),
                "A welcome message has no list to make options from.",
                "Write them out.",
            );
        }
    }
    if welcome.options.len() > limits.options {
        let cause = format!("{} options; X shows {} at most.", welcome.options.len(), limits.options);
        found.add(&place, cause, "Leave the least useful out.");
    }
    let described = welcome.options.iter().filter(|option| option.description.is_some()).count();
    if described != 0 && described != welcome.options.len() {
        found.add(&place, "Some options have a description and some have none.", "Describe all or none.");
    }
}
