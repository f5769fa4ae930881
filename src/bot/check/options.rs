//! Mistakes of options and buttons.

use std::collections::BTreeSet;

use super::{Found, Limits};
use crate::bot::consent::is_among;
use crate::bot::labels::has_link;
use crate::bot::matching::{folded, normalise};
use crate::bot::script::{BACK, Choose, Link, Script};
use crate::bot::speech;

/// `place` is the node's, `name` the prefix of the ids.
pub fn check_options(script: &Script, place: &str, name: &str, options: &[Choose], limits: &Limits, found: &mut Found) {
    let mut ids = BTreeSet::new();
    let mut words = BTreeSet::new();
    let mut labels = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let place = if place.is_empty() { format!("{name}[{index}]") } else { format!("{place}.options[{index}]") };
        check_option(script, &place, name, option, limits, found);
        for word in &option.words {
            if !words.insert(folded(word)) {
                let cause = format!("Two options here answer to '{word}'.");
                found.add(&place, cause, "Leave it to one of them.");
            }
        }
        if is_fixed(&option.label) && option.each.is_none() && !labels.insert(folded(&option.label)) {
            let cause = format!("Two options here have the label '{}'.", option.label);
            found.add(&place, cause, "Who types it means one of them: give the other another label.");
        }
        if option.each.is_none() && !ids.insert(option.id()) {
            let cause = format!("Two options here have the id '{}'.", option.id());
            found.add(&place, cause, "Give one of them an 'id' of its own.");
        }
    }
}

fn check_option(script: &Script, place: &str, name: &str, option: &Choose, limits: &Limits, found: &mut Found) {
    check_label(script, &format!("{place}.label"), &option.label, limits, found);
    if let Some(description) = option.description.as_ref().filter(|text| is_fixed(text)) {
        found.too_long(&format!("{place}.description"), description, limits.description);
        if description.trim().is_empty() {
            found.add(&format!("{place}.description"), "It says nothing.", "Leave it out.");
        }
    }
    found.too_long(&format!("{place}.id"), &format!("{name}/{}", option.id()), limits.metadata);
    match &option.id {
        None if option.each.is_some() => {
            found.add(
                place,
                "The options of a list need ids that tell them apart.",
                "Give it an 'id' such as \"{{ item.id }}\".",
            );
        }
        Some(id) if option.each.is_none() && id.contains("{{") => {
            found.add(&format!("{place}.id"), "An id must stay the same for ever.", "Write it without a template.");
        }
        Some(id) if id.starts_with("page:") || id.trim().is_empty() => {
            found.add(&format!("{place}.id"), format!("'{id}' cannot be an id."), "Give it another one.");
        }
        _ => {}
    }
    for word in option.words.iter().filter(|word| is_among(&script.opt_out.words, word)) {
        found.add(&format!("{place}.words"), silences(word), "Use another word, or give 'opt_out' words of its own.");
    }
    for word in option.words.iter().filter(|word| normalise(word).is_empty() || word.contains("{{")) {
        found.add(
            &format!("{place}.words"),
            format!("'{word}' is nothing to write."),
            "Give words, without templates.",
        );
    }
    if option.go != BACK {
        found.target(script, &format!("{place}.go"), &option.go);
    }
}

/// What is made of a template is looked at when it is made.
pub fn check_label(script: &Script, place: &str, label: &str, limits: &Limits, found: &mut Found) {
    if label.trim().is_empty() {
        found.add(place, "A label without a word.", "Give it one.");
    }
    if !is_fixed(label) {
        return;
    }
    found.too_long(place, label, limits.label);
    if has_link(label) {
        found.add(place, "X refuses a link in a label, also one such as example.com.", "Put the link into the text.");
    }
    if is_among(&script.opt_out.words, label) {
        found.add(place, silences(label), "Use another label, or give 'opt_out' words of its own.");
    }
}

pub fn silences(word: &str) -> String {
    format!("'{word}' already means that the customer wants no more messages.")
}

/// No template.
pub fn is_fixed(text: &str) -> bool {
    !text.contains("{{") && !text.contains("{%")
}

pub fn check_buttons(place: &str, buttons: &[Link], limits: &Limits, found: &mut Found) {
    if buttons.len() > limits.buttons {
        let cause = format!("{} buttons; X shows {} at most.", buttons.len(), limits.buttons);
        found.add(place, cause, "Leave the least useful out.");
    }
    for (index, link) in buttons.iter().enumerate() {
        let place = format!("{place}.buttons[{index}]");
        if link.label.trim().is_empty() {
            found.add(&place, "A button without a label.", "Give it a label.");
        }
        if is_fixed(&link.label) {
            found.too_long(&format!("{place}.label"), &link.label, limits.label);
        }
        let targets = [link.url.is_some(), link.post.is_some(), link.follow.is_some(), link.message.is_some()];
        if targets.iter().filter(|given| **given).count() != 1 {
            found.add(&place, "A button leads to one thing.", "Give it one of 'url', 'post', 'follow' and 'message'.");
            continue;
        }
        let is_template =
            [&link.url, &link.follow, &link.message].into_iter().flatten().any(|text| text.contains("{{"))
                || link.post.as_ref().is_some_and(|post| {
                    post.text.contains("{{") || post.url.as_ref().is_some_and(|url| url.contains("{{"))
                });
        let unrendered = Link { label: "label".to_owned(), ..link.clone() };
        if !is_template && !matches!(speech::button(&unrendered, &minijinja::Value::UNDEFINED), Ok(Some(_))) {
            let (field, mend) = wrong(link);
            found.add(&format!("{place}.{field}"), format!("X would refuse this {field}."), mend);
        }
        if let Some(url) = link.url.as_ref().filter(|url| url.contains("{{"))
            && !url.starts_with("https://")
            && !url.starts_with("{{")
        {
            found.add(&format!("{place}.url"), format!("'{url}' is no https address."), "Write it whole: https://…");
        }
    }
}

fn wrong(link: &Link) -> (&'static str, &'static str) {
    if link.url.is_some() {
        ("url", "Write it whole: https://…")
    } else if link.post.is_some() {
        ("post", "Give it a text, and a url that starts with https:// if any.")
    } else if link.follow.is_some() {
        ("follow", "Write the account's name: letters, digits and '_'.")
    } else {
        ("message", "Write the account's numeric id.")
    }
}
