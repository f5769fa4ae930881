//! How a script leads from node to node, for people who look at it.

use std::collections::{BTreeSet, VecDeque};

use super::script::{BACK, Node, Script};

/// One way from a node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way<'s> {
    pub from: &'s str,
    pub to: &'s str,
    /// What leads along it, cut to a few words; empty where it happens by itself.
    pub why: String,
}

/// Every way that a node names itself; not those that stand everywhere.
pub fn ways(script: &Script) -> Vec<Way<'_>> {
    let mut all = Vec::new();
    for (name, node) in &script.nodes {
        let mut add = |to: &str, why: &str| {
            if let Some((to, _)) = script.nodes.get_key_value(to)
                && to != BACK
            {
                all.push(Way { from: name, to, why: short(why) });
            }
        };
        for option in &node.options {
            add(&option.go, &option.label);
        }
        for branch in &node.when {
            add(&branch.go, &format!("if {}", branch.condition));
        }
        if let Some(go) = &node.go {
            add(go, "");
        }
        if let Some(after) = node.handoff.as_ref().and_then(|handoff| handoff.after.as_ref()) {
            add(after, "given back");
        }
        if let Some(ask) = &node.ask {
            add(&ask.go, &format!("{} given", ask.into));
            if let Some(otherwise) = &ask.otherwise {
                add(otherwise, "not understood");
            }
        }
        let on_errors =
            [node.call.as_ref().map(|call| &call.on_error), node.skill.as_ref().map(|skill| &skill.on_error)];
        for on_error in on_errors.into_iter().flatten() {
            add(on_error, "on error");
        }
    }
    all
}

/// The nodes as a customer comes to them: from the start outwards, then what only commands and failures lead to.
pub fn order<'s>(script: &'s Script, ways: &[Way<'s>]) -> Vec<&'s str> {
    let mut order: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    let roots = [script.start.as_str()]
        .into_iter()
        .chain(script.commands.values().map(String::as_str))
        .chain(script.nodes.keys().map(String::as_str));
    for root in roots {
        let mut ahead = VecDeque::from([root]);
        while let Some(name) = ahead.pop_front() {
            if script.nodes.contains_key(name) && seen.insert(name) {
                order.push(name);
                // They stand in the order of the nodes.
                let first = ways.partition_point(|way| way.from < name);
                ahead.extend(ways.iter().skip(first).take_while(|way| way.from == name).map(|way| way.to));
            }
        }
    }
    order
}

/// What a node does besides speaking, in a word each.
pub fn does(node: &Node) -> Vec<&'static str> {
    let all = [
        ("asks", node.ask.is_some()),
        ("calls", node.call.is_some()),
        ("skill", node.skill.is_some()),
        ("posts", node.post.is_some()),
        ("picture", node.media.is_some()),
        ("hands off", node.handoff.is_some()),
    ];
    all.into_iter().filter(|(_, it)| *it).map(|(word, _)| word).collect()
}

fn short(why: &str) -> String {
    let plain: String = why.chars().filter(|c| !"{}\"\\<>".contains(*c)).take(24).collect();
    plain.trim().to_owned()
}
