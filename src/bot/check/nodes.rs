//! Mistakes of single nodes: what they say, ask, call and offer.

use super::options::{check_buttons, check_label, check_options, is_fixed};
use super::{Found, Limits, nearest};
use crate::bot::kind::Kind;
use crate::bot::matching::folded;
use crate::bot::message::{Button, Choice, Message};
use crate::bot::plain;
use crate::bot::script::{Ask, Call, Node, Script, SkillCall, Texts};
use crate::bot::skill::{self, SKILLS};
use crate::bot::{offers, speech, web_call};

pub fn check(script: &Script, limits: &Limits, found: &mut Found) {
    for (name, node) in &script.nodes {
        let place = format!("nodes.{name}");
        let has_meaning = name == super::super::script::BACK || name == offers::EVERYWHERE;
        if name.is_empty() || name.contains(['/', ':']) || has_meaning {
            found.add(
                &place,
                format!("'{name}' cannot be a node's name."),
                "Use letters, digits, '_' or '-'; not 'back' or 'everywhere'.",
            );
        }
        check_node(script, &place, name, node, limits, found);
    }
    check_options(script, "", offers::EVERYWHERE, &script.everywhere, limits, found);
    let fixed = script.everywhere.iter().filter(|option| option.each.is_none()).count();
    if fixed + 2 > limits.options {
        let cause = format!("{fixed} options; with those of a node X shows {} at most.", limits.options);
        found.add(offers::EVERYWHERE, cause, "Leave the least useful out.");
    }
    for (index, option) in script.everywhere.iter().enumerate().filter(|(_, option)| option.description.is_none()) {
        let mut described =
            script.nodes.iter().filter(|(_, node)| node.options.iter().any(|own| own.description.is_some()));
        if let Some((name, _)) = described.find(|(name, node)| offers::may_stand(name, node, option)) {
            let cause = format!("It has no description, so that X shows none of those in '{name}'.");
            found.add(
                &format!("{}[{index}]", offers::EVERYWHERE),
                cause,
                "Describe those of 'everywhere' too, or none.",
            );
        }
    }
}

fn check_node(script: &Script, place: &str, name: &str, node: &Node, limits: &Limits, found: &mut Found) {
    if let Some(say) = &node.say {
        check_texts(&format!("{place}.say"), say, limits.text, found);
    }
    if let Some(media) = &node.media {
        check_media(&format!("{place}.media"), media, found);
    }
    if node.say.is_none() && (node.media.is_some() || !node.buttons.is_empty()) {
        found.add(place, "X shows pictures and buttons only with a text.", "Give it a 'say'.");
    }
    check_buttons(place, &node.buttons, limits, found);
    check_options(script, place, name, &node.options, limits, found);
    check_number_of_options(script, place, node, limits, found);
    check_plain(script, place, node, limits, found);
    found.profile(script, &format!("{place}.profile"), node.profile.as_ref());
    if let Some(ask) = &node.ask {
        check_ask(script, &format!("{place}.ask"), node, ask, limits, found);
    }
    if let Some(call) = &node.call {
        check_call(script, &format!("{place}.call"), call, found);
    }
    if let Some(call) = &node.skill {
        check_skill(script, &format!("{place}.skill"), call, found);
    }
    if let Some(post) = &node.post {
        let place = format!("{place}.post");
        let weight = (limits.weight)(&post.say);
        if weight > limits.post && is_fixed(&post.say) {
            let length = post.say.chars().count();
            let cause = format!("{length} characters, which X counts as {weight}; it takes {} at most.", limits.post);
            found.add(&format!("{place}.say"), cause, "Shorten it: a link counts 23, a letter beyond Latin scripts 2.");
        }
        if post.say.trim().is_empty() {
            found.add(&place, "It says nothing.", "Give 'say' a text.");
        }
        if let Some(media) = &post.media {
            check_media(&format!("{place}.media"), media, found);
            if media.all().iter().any(|name| name.contains("://")) {
                let mend = "Put the file into the bot's folder, and name it.";
                found.add(&format!("{place}.media"), "A post carries files of the bot's folder alone.", mend);
            }
        }
        if let Some(prompt) = post.prompt.as_ref().filter(|prompt| !script.welcome_messages.contains_key(*prompt)) {
            found.add(
                &format!("{place}.prompt"),
                format!("There is no welcome message '{prompt}'."),
                "Name one of 'welcome_messages', or add it.",
            );
        }
    }
    for (index, branch) in node.when.iter().enumerate() {
        found.target(script, &format!("{place}.when[{index}].go"), &branch.go);
    }
    if let Some(go) = &node.go {
        found.target(script, &format!("{place}.go"), go);
    }
    if let Some(after) = node.handoff.as_ref().and_then(|handoff| handoff.after.as_ref()) {
        found.target(script, &format!("{place}.handoff.after"), after);
    }
    let ways = [node.go.is_some(), node.ask.is_some() || !node.options.is_empty(), node.handoff.is_some()];
    if ways.iter().filter(|way| **way).count() > 1 {
        found.add(
            place,
            "It leads on in several ways: only one of 'go', 'handoff', and 'ask' with 'options' can happen.",
            "Keep one, and move the others to a node of their own.",
        );
    }
}

pub fn check_texts(place: &str, texts: &Texts, most: usize, found: &mut Found) {
    if texts.all().is_empty() || texts.all().iter().any(|text| text.trim().is_empty()) {
        found.add(place, "It says nothing.", "Give it a text.");
    }
    for text in texts.all() {
        found.too_long(place, text, most);
    }
}

pub fn check_media(place: &str, media: &Texts, found: &mut Found) {
    for name in media.all() {
        let is_address = name.contains("://");
        if is_address && !name.contains("{{") && !speech::is_https(name) {
            found.add(place, format!("'{name}' is no https address."), "Write it whole: https://…");
        }
        if !is_address && (name.starts_with('/') || name.split('/').any(|part| part == "..") || name.trim().is_empty())
        {
            found.add(
                place,
                format!("'{name}' is not in the bot's folder."),
                "Name a file below the script, for instance media/photo.jpg.",
            );
        }
    }
}

fn check_number_of_options(script: &Script, place: &str, node: &Node, limits: &Limits, found: &mut Found) {
    let general = if node.everywhere { script.everywhere.len() } else { 0 };
    let fixed = node.options.iter().filter(|option| option.each.is_none()).count();
    // A list turns its pages by itself.
    if fixed == node.options.len() && fixed + general > limits.options {
        let cause = format!("{} options; X shows {} at most.", fixed + general, limits.options);
        found.add(place, cause, "Split them over two nodes, or make them a list with 'each', which turns its pages.");
    }
    let described = node.options.iter().filter(|option| option.description.is_some()).count();
    if described != 0 && described != node.options.len() {
        found.add(place, "Some options have a description and some have none.", "Describe all or none.");
    }
}

/// The same node where X shows neither options nor buttons: as numbered text.
fn check_plain(script: &Script, place: &str, node: &Node, limits: &Limits, found: &mut Found) {
    let Some(say) = &node.say else { return };
    let general = script.everywhere.iter().filter(|_| node.everywhere);
    let options = node.options.iter().chain(general).map(|option| Choice {
        label: option.label.clone(),
        description: option.description.clone(),
        ..Choice::default()
    });
    let options: Vec<Choice> = options.collect();
    let buttons: Vec<Button> = node
        .buttons
        .iter()
        .filter_map(|link| speech::button(link, &minijinja::Value::UNDEFINED).ok().flatten())
        .collect();
    for text in say.all() {
        let message =
            Message { text: text.clone(), options: options.clone(), buttons: buttons.clone(), ..Message::default() };
        let length = plain::render(&message, limits.link).chars().count();
        if length > limits.text && text.chars().count() <= limits.text {
            let cause = format!(
                "With its options and buttons as text it has {length} characters; X takes {} at most.",
                limits.text
            );
            found.add(&format!("{place}.say"), cause, "Shorten it.");
        }
    }
}

fn check_ask(script: &Script, place: &str, node: &Node, ask: &Ask, limits: &Limits, found: &mut Found) {
    found.target(script, &format!("{place}.go"), &ask.go);
    if let Some(otherwise) = &ask.otherwise {
        found.target(script, &format!("{place}.otherwise"), otherwise);
    }
    if ask.retry.trim().is_empty() {
        found.add(&format!("{place}.retry"), "It says nothing.", "Say what an answer looks like.");
    }
    let [yes, no] = &ask.confirm_labels;
    if ask.tries == 0 {
        found.add(&format!("{place}.tries"), "No try at all.", "Write 1 or more.");
    }
    if let (Some(min), Some(max)) = (ask.min, ask.max)
        && min > max
    {
        found.add(place, format!("No answer is between {min} and {max}."), "Exchange 'min' and 'max'.");
    }
    if (ask.min.is_some() || ask.max.is_some()) && matches!(ask.kind, Kind::Date | Kind::YesNo) {
        found.add(place, "Dates, yes and no have no size.", "Leave out 'min' and 'max'.");
    }
    for label in &ask.confirm_labels {
        let place = format!("{place}.confirm_labels");
        check_label(script, &place, label, limits, found);
        found.without_templates(&place, label);
    }
    if folded(yes) == folded(no) {
        found.add(&format!("{place}.confirm_labels"), "Both are the same.", "Let one mean yes, and the other no.");
    }
    if ask.confirm.is_some() && node.options.iter().any(|option| ["yes", "no"].contains(&option.id())) {
        found.add(place, "'yes' and 'no' are the options of 'confirm'.", "Give the node's own options other ids.");
    }
}

fn check_call(script: &Script, place: &str, call: &Call, found: &mut Found) {
    found.target(script, &format!("{place}.on_error"), &call.on_error);
    if call.get.is_some() == call.post.is_some() {
        found.add(place, "It needs an address to 'get' or to 'post' to, and only one.", "Write get: https://…");
    }
    let host = call.url().strip_prefix("https://").map(|rest| rest.split('/').next().unwrap_or_default());
    match host {
        Some(host) if !host.is_empty() && !host.contains(['{', '@', ' ']) => {}
        _ => found.add(
            place,
            "The address must be https, with its host written out.",
            "Write https://host/…; only what follows the host may be a template.",
        ),
    }
    if call.json.is_some() && call.post.is_none() {
        found.add(
            &format!("{place}.json"),
            "Only a POST has a body.",
            "Use 'post' instead of 'get', or leave 'json' out.",
        );
    }
    if call.within.as_seconds() > i64::from(web_call::LONGEST) {
        found.add(
            &format!("{place}.within"),
            format!("The customer waits; {} seconds are the most.", web_call::LONGEST),
            "Write within: 10s.",
        );
    }
    for name in call.headers.keys() {
        let allowed = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !allowed || ["host", "content-length", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            found.add(&format!("{place}.headers.{name}"), format!("'{name}' cannot be set here."), "Leave it out.");
        }
    }
}

fn check_skill(script: &Script, place: &str, call: &SkillCall, found: &mut Found) {
    found.target(script, &format!("{place}.on_error"), &call.on_error);
    let Some(skill) = skill::named(&call.name) else {
        let names: Vec<&str> = SKILLS.iter().map(|skill| skill.name).collect();
        let mend = nearest(&call.name, names.iter().copied())
            .map_or_else(|| format!("There are: {}.", names.join(", ")), |near| format!("Is it '{near}'?"));
        found.add(&format!("{place}.name"), format!("There is no skill '{}'.", call.name), &mend);
        return;
    };
    for name in skill.takes.iter().filter(|name| !call.with.contains_key(**name)) {
        found.add(
            &format!("{place}.with"),
            format!("'{}' needs '{name}'.", skill.name),
            &format!("Add '{name}' to 'with'."),
        );
    }
    for name in call.with.keys().filter(|name| !skill.takes.contains(&name.as_str())) {
        found.add(
            &format!("{place}.with.{name}"),
            format!("'{}' takes no '{name}'.", skill.name),
            &format!("It takes: {}.", skill.takes.join(", ")),
        );
    }
}
