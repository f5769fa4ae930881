//! Mistakes of the flow: nodes that nothing leads to, that lead nowhere, or that never wait for the customer.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use crate::bot::script::{Choose, Node, Script};
use crate::bot::turn::MOST_NODES;

pub fn check(script: &Script, found: &mut Found) {
    found.target(script, "start", &script.start);
    found.target(script, "fallback", &script.fallback);
    for (word, go) in &script.commands {
        if go != crate::bot::script::BACK {
            found.target(script, &format!("commands.{word}"), go);
        }
    }
    for (act, go) in script.on.all() {
        found.target(script, &format!("on.{act}"), go);
    }
    let private = reached(script, private_roots(script));
    let public: BTreeSet<&str> = script.on.all().flat_map(|(_, node)| reached_at_once(script, node)).collect();
    for (name, node) in &script.nodes {
        let place = format!("nodes.{name}");
        if !private.contains(name.as_str()) && !public.contains(name.as_str()) {
            found.add(&place, "Nothing leads here.", "Add an option or a command that goes to it, or delete it.");
        }
        let is_only_public = public.contains(name.as_str()) && !private.contains(name.as_str());
        if !is_only_public || node.post.is_none() {
            check_way_on(script, &place, node, found);
        }
    }
    check_public(script, &private, found);
    check_circles(script, found);
}

fn check_way_on(script: &Script, place: &str, node: &Node, found: &mut Found) {
    let general = node.everywhere && !script.everywhere.is_empty();
    let leads_on =
        node.go.is_some() || node.ask.is_some() || node.handoff.is_some() || !node.options.is_empty() || general;
    if !leads_on {
        let cause = if node.when.is_empty() {
            "There is no way on from here."
        } else {
            "When no condition holds there is no way on from here."
        };
        found.add(place, cause, "Add options, for instance one back to the start.");
    } else if node.say.is_none() && node.go.is_none() {
        found.add(place, "It says nothing, and the customer has to answer.", "Give it a 'say'.");
    }
}

/// What X's rules for automation do not allow, or what cannot wait for a customer.
fn check_public(script: &Script, private: &BTreeSet<&str>, found: &mut Found) {
    for (act, start) in script.on.all() {
        for name in reached_at_once(script, start) {
            let Some(node) = script.nodes.get(name) else { continue };
            let place = format!("nodes.{name}");
            if node.call.is_some() || node.handoff.is_some() || node.ask.is_some() {
                found.add(
                    &place,
                    format!("'on: {act}' leads here, and nobody waits for an answer there."),
                    "Leave 'call', 'ask' and 'handoff' to nodes of the conversation.",
                );
            }
            if node.post.is_some() && act != "mention" {
                let cause =
                    format!("'on: {act}' leads here, and X forbids posts to people who did not mention the account.");
                found.add(&format!("{place}.post"), cause, "Post only in the conversation or below 'on: mention'.");
            }
        }
    }
    let mentioned: BTreeSet<&str> = script.on.mention.iter().flat_map(|node| reached_at_once(script, node)).collect();
    for (name, node) in &script.nodes {
        let replies = node.post.as_ref().is_some_and(|post| post.reply);
        if replies && (private.contains(name.as_str()) || !mentioned.contains(name.as_str())) {
            found.add(
                &format!("nodes.{name}.post.reply"),
                "Only a mention can be replied to.",
                "Lead here from 'on: mention' alone, or leave 'reply' out.",
            );
        }
    }
}

/// Circles without a customer in them would turn for ever, and a long way without one ends in an apology.
fn check_circles(script: &Script, found: &mut Found) {
    // How far it is from each node that is done.
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    for start in script.nodes.keys() {
        if lengths.contains_key(start.as_str()) {
            continue;
        }
        let mut path: Vec<(&str, Vec<&str>)> =
            vec![(start, script.nodes.get(start).map(next_at_once).unwrap_or_default())];
        while let Some((name, ahead)) = path.last_mut() {
            let name = *name;
            let Some(next) = ahead.pop() else {
                path.pop();
                if let Some(node) = script.nodes.get(name) {
                    let length = 1 + ahead_of(node).filter_map(|next| lengths.get(next)).max().unwrap_or(&0);
                    if length == MOST_NODES + 1 {
                        let cause = format!("{length} nodes follow each other from here without the customer.");
                        let mend = "A turn goes through 25: let one of them ask, offer options, or do more at once.";
                        found.add(&format!("nodes.{name}"), cause, mend);
                    }
                    // What waits for an answer of the world goes on in a turn of its own.
                    let waits = node.call.is_some() || node.skill.is_some();
                    lengths.insert(name, if waits { 1 } else { length });
                }
                continue;
            };
            if let Some(at) = path.iter().position(|(on_path, _)| *on_path == next) {
                let circle: Vec<&str> = path.iter().skip(at).map(|(name, _)| *name).chain([next]).collect();
                let cause = format!("A circle that never waits for the customer: {}.", circle.join(" → "));
                found.add(&format!("nodes.{name}"), cause, "Let one of them ask, or offer options.");
            } else if !lengths.contains_key(next)
                && let Some(node) = script.nodes.get(next)
            {
                path.push((next, next_at_once(node)));
            }
        }
    }
}

fn private_roots(script: &Script) -> Vec<&str> {
    let mut roots: Vec<&str> = vec![&script.start, &script.fallback];
    roots.extend(script.commands.values().map(String::as_str));
    roots.extend(script.nodes.values().filter_map(|node| node.handoff.as_ref()?.after.as_deref()));
    roots.extend(targets(&script.everywhere));
    roots.extend(script.welcome_messages.values().flat_map(|welcome| targets(&welcome.options)));
    // A message to somebody who has written before leads on from where a public act led to.
    roots.extend(
        script
            .on
            .all()
            .flat_map(|(_, node)| reached_at_once(script, node))
            .filter_map(|name| script.nodes.get(name))
            .flat_map(|node| targets(&node.options)),
    );
    roots
}

fn reached<'s>(script: &'s Script, roots: Vec<&'s str>) -> BTreeSet<&'s str> {
    walk(script, roots, |node| {
        let mut ahead = next_at_once(node);
        ahead.extend(targets(&node.options));
        ahead.extend(node.ask.iter().flat_map(|ask| [Some(ask.go.as_str()), ask.otherwise.as_deref()]).flatten());
        ahead
    })
}

fn reached_at_once<'s>(script: &'s Script, root: &'s str) -> BTreeSet<&'s str> {
    walk(script, vec![root], next_at_once)
}

fn walk<'s>(script: &'s Script, roots: Vec<&'s str>, next: impl Fn(&'s Node) -> Vec<&'s str>) -> BTreeSet<&'s str> {
    let known: BTreeMap<&str, &Node> = script.nodes.iter().map(|(name, node)| (name.as_str(), node)).collect();
    let mut reached = BTreeSet::new();
    let mut ahead = roots;
    while let Some(name) = ahead.pop() {
        if reached.insert(name) {
            ahead.extend(known.get(name).map(|node| next(node)).unwrap_or_default());
        }
    }
    reached
}

fn ahead_of(node: &Node) -> impl Iterator<Item = &str> {
    node.when.iter().map(|branch| branch.go.as_str()).chain(node.go.as_deref())
}

/// Where a node leads without the customer.
fn next_at_once(node: &Node) -> Vec<&str> {
    let mut next: Vec<&str> = ahead_of(node).collect();
    next.extend(node.call.as_ref().map(|call| call.on_error.as_str()));
    next.extend(node.skill.as_ref().map(|skill| skill.on_error.as_str()));
    next
}

fn targets(options: &[Choose]) -> impl Iterator<Item = &str> {
    options.iter().map(|option| option.go.as_str())
}
