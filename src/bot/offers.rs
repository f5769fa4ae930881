//! The ways on: what a node offers, and which one the customer means.

use minijinja::Value;

use super::check::Limits;
use super::labels::{cut, fitted};
use super::message::Choice;
use super::scope::Scope;
use super::script::{Choose, Node, Script};
use super::state::State;
use super::template::{Unrendered, evaluate, render};

/// The prefix of the ids of options that every node offers.
pub const EVERYWHERE: &str = "everywhere";
/// The prefix of the ids of a welcome message's options.
pub const WELCOME: &str = "welcome:";
/// The id, within its node, of the option that shows the next page of a long list.
const PAGE: &str = "page:";

/// An option that the customer chose.
#[derive(Clone, Debug)]
pub struct Chosen<'s> {
    pub option: &'s Choose,
    /// Without its node.
    pub id: String,
    /// Of the list it was made from.
    pub item: Option<Value>,
}

/// The ways on of a node, as the customer sees them.
pub fn offered(
    script: &Script,
    name: &str,
    node: &Node,
    page: usize,
    scope: &Scope,
    state: &State,
    limits: &Limits,
) -> Result<Vec<Choice>, Unrendered> {
    let own = made(&Vec::from_iter(&node.options), name, usize::MAX, scope, state, limits)?;
    let mut general = Vec::from_iter(&script.everywhere);
    general.retain(|option| is_new(name, node, option, state));
    // A list that stands everywhere leaves room for what always stands there, and for the node's own.
    let fixed = general.iter().filter(|option| option.each.is_none()).count();
    let most = limits.options.saturating_sub(fixed + own.len().min(2));
    let general = made(&general, EVERYWHERE, most, scope, state, limits)?;
    let room = limits.options.saturating_sub(general.len()).max(2);
    let mut all = if own.len() <= room { own } else { paged(own, name, page, room - 1, &script.more) };
    all.extend(general);
    all.truncate(limits.options);
    // X wants all described or none.
    if all.iter().any(|choice| choice.description.is_none()) {
        all.iter_mut().for_each(|choice| choice.description = None);
    }
    Ok(all)
}

/// The option of a metadata of ours: `node/option`.
pub fn chosen<'s>(script: &'s Script, id: &str, scope: &Scope, state: &State) -> Option<Chosen<'s>> {
    let (place, wanted) = id.split_once('/')?;
    let options = match place.strip_prefix(WELCOME) {
        Some(welcome) => &script.welcome_messages.get(welcome)?.options,
        None if place == EVERYWHERE => &script.everywhere,
        None => &script.nodes.get(place)?.options,
    };
    let fixed = options.iter().find(|option| option.each.is_none() && option.id() == wanted);
    if let Some(option) = fixed {
        return Some(Chosen { option, id: wanted.to_owned(), item: None });
    }
    options.iter().filter(|option| option.each.is_some()).find_map(|option| {
        let item = items(option, scope, state).ok()?.into_iter().find(|item| {
            let scope = scope.with_item(state, &option.item, item);
            render(option.id(), &scope).is_ok_and(|id| id == wanted)
        })?;
        Some(Chosen { option, id: wanted.to_owned(), item: Some(item) })
    })
}

/// Whether it is the metadata of an option of the script, be it one of an earlier version.
pub fn is_ours(script: &Script, id: &str) -> bool {
    id.split_once('/')
        .is_some_and(|(place, _)| place == EVERYWHERE || script.nodes.contains_key(place) || place.starts_with(WELCOME))
}

/// Node and page of an option that shows more of a list.
pub fn page(id: &str) -> Option<(&str, usize)> {
    let (node, rest) = id.split_once('/')?;
    Some((node, rest.strip_prefix(PAGE)?.parse().ok()?))
}

/// `most` of those that are made from lists.
fn made(
    options: &[&Choose],
    place: &str,
    mut most: usize,
    scope: &Scope,
    state: &State,
    limits: &Limits,
) -> Result<Vec<Choice>, Unrendered> {
    let mut all: Vec<Choice> = Vec::new();
    for option in options {
        let surroundings = match &option.each {
            None => vec![scope.with(state)],
            Some(_) => {
                items(option, scope, state)?.iter().map(|item| scope.with_item(state, &option.item, item)).collect()
            }
        };
        for surroundings in surroundings {
            let id = if option.each.is_some() { render(option.id(), &surroundings)? } else { option.id().to_owned() };
            let id = format!("{place}/{id}");
            let label = fitted(&render(&option.label, &surroundings)?, limits.label);
            let description = option.description.as_ref().map(|text| render(text, &surroundings)).transpose()?;
            let description = description.map(|text| cut(&text, limits.description)).filter(|text| !text.is_empty());
            // A list may name a thing twice, or something that X would refuse.
            let usable = !label.is_empty() && id.chars().count() <= limits.metadata;
            if usable && all.iter().all(|known| known.id != id) {
                if option.each.is_some() {
                    let Some(fewer) = most.checked_sub(1) else { break };
                    most = fewer;
                }
                all.push(Choice { id, label, description });
            }
        }
    }
    Ok(all)
}

fn items(option: &Choose, scope: &Scope, state: &State) -> Result<Vec<Value>, Unrendered> {
    let Some(each) = &option.each else { return Ok(Vec::new()) };
    let list = evaluate(each, &scope.with(state))?;
    Ok(list.try_iter().map(Iterator::collect).unwrap_or_default())
}

/// What every node offers is left out where it leads nowhere new.
fn is_new(name: &str, node: &Node, option: &Choose, state: &State) -> bool {
    may_stand(name, node, option) && (option.go != super::script::BACK || !state.trail.is_empty())
}

/// Whether it is offered there at any time.
pub fn may_stand(name: &str, node: &Node, option: &Choose) -> bool {
    node.everywhere && option.go != name && node.options.iter().all(|own| own.go != option.go)
}

fn paged(all: Vec<Choice>, node: &str, page: usize, on_a_page: usize, more: &str) -> Vec<Choice> {
    let pages = all.len().div_ceil(on_a_page).max(1);
    let page = page % pages;
    let mut shown: Vec<Choice> = all.into_iter().skip(page * on_a_page).take(on_a_page).collect();
    let described = shown.iter().all(|choice| choice.description.is_some());
    let next = (page + 1) % pages;
    shown.push(Choice {
        id: format!("{node}/{PAGE}{next}"),
        label: more.to_owned(),
        description: described.then(|| format!("{} of {pages}", next + 1)),
    });
    shown
}
