//! `/api/inbox`: what agents see and do.

use http::StatusCode;
use serde::Deserialize;

use super::answer::Answer;
use super::ask::{answered, body};
use super::log_in::nobody;
use super::query;
use super::refusal::refusal;
use super::who::{Who, session};
use crate::config::Config;
use crate::flows::handoff;
use crate::flows::live::Live;
use crate::flows::threads::{self, ConversationId, Part, View, Which};
use crate::flows::{say, search, signal};
use crate::platform::Platform;
use crate::x_api::request::Request;

const WHICH: &str = "Send {\"account\": …, \"customer\": …}.";
const LONGEST_NOTE: usize = 5_000;
const LONGEST_SEARCH: usize = 200;

/// What is done with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Take,
    Release,
    Close,
    Assign,
    Note,
    Read,
    Dismiss,
    Resume,
    Typing,
}

#[derive(Deserialize)]
struct Ask {
    #[serde(flatten)]
    which: Which,
    /// Of `assign`: the agent's id or log-in name.
    agent: Option<String>,
    /// Of `note`.
    text: Option<String>,
    /// Of `read`: the last message that was seen.
    to: Option<String>,
    /// Of `dismiss`: the message that was not sent.
    message: Option<String>,
}

/// `GET /api/inbox?view=mine|waiting|open|all&account=…&before=…`.
pub async fn list<P: Platform>(p: &P, who: &Who, request: &Request) -> Answer {
    let view = match query::text(request, "view").as_deref() {
        None | Some("open") => View::Open,
        Some("mine") => View::Mine,
        Some("waiting") => View::Waiting,
        Some("all") => View::All,
        Some(_) => {
            return Answer::problem(
                StatusCode::BAD_REQUEST,
                "There is no such view.",
                "view is mine, waiting, open or all.",
            );
        }
    };
    let [account, before] = ["account", "before"].map(|name| query::text(request, name));
    answered(threads::list(p, view, who.agent(), account.as_deref(), before.as_deref()).await)
}

/// `GET /api/inbox/search?q=…&account=…&customer=…&before=…`: what was said with all of these words, and customers by name.
pub async fn search<P: Platform>(p: &P, request: &Request) -> Answer {
    let words = query::text(request, "q").unwrap_or_default();
    if words.trim().is_empty() || words.chars().count() > LONGEST_SEARCH {
        return Answer::problem(
            StatusCode::BAD_REQUEST,
            "There is nothing to look for.",
            "Add ?q= with words, 200 characters at most.",
        );
    }
    let [account, customer, before] = ["account", "customer", "before"].map(|name| query::text(request, name));
    let ask = search::Ask {
        words: &words,
        account: account.as_deref(),
        customer: customer.as_deref(),
        before: before.as_deref(),
    };
    answered(search::search(p, &ask).await)
}

/// `GET /api/inbox/thread?account=…&customer=…&before=…`; with `since=` a message and what came after it.
pub async fn thread<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let Some(which) = asked_for(request) else {
        return Answer::problem(
            StatusCode::BAD_REQUEST,
            "No conversation is named.",
            "Add ?account=…&customer=… to the address.",
        );
    };
    let [before, since] = ["before", "since"].map(|name| query::text(request, name));
    let part = match (&before, &since) {
        (Some(before), _) => Part::Before(before),
        (None, Some(since)) => Part::Since(since),
        (None, None) => Part::Latest,
    };
    answered(threads::thread(p, config, &which, part).await)
}

/// `GET /api/inbox/live?account=…&customer=…`: what changes, as it happens (server-sent events); with the conversation that
/// is open, where one is.
pub async fn live<P: Platform>(p: &P, config: &Config<'_>, who: &Who, request: &Request) -> Answer {
    let (Some(agent), Some(cookie)) = (who.agent(), session(request)) else { return nobody() };
    let thread = match asked_for(request) {
        Some(which) => match threads::named(p, &which).await {
            Ok(id) => Some(id),
            Err(refused) => return refusal(&refused),
        },
        None => None,
    };
    Answer::live(Live::new(config, agent.clone(), cookie, thread, p.now()))
}

/// `POST /api/inbox/say` with `{"account": …, "customer": …, "id": …, "text": …}`, and `options`, `buttons`, `file` if wanted.
pub async fn say<P: Platform>(p: &P, config: &Config<'_>, who: &Who, request: &Request) -> Answer {
    const SEND: &str = "Send {\"account\": …, \"customer\": …, \"id\": …, \"text\": …}: 1 to 10,000 characters, 20 options and 3 buttons, media and file if wanted, and nothing else.";
    let Some(agent) = who.agent() else { return nobody() };
    let ask: say::Ask = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match ask.flaw() {
        Some(said) => Answer::problem(StatusCode::BAD_REQUEST, said, SEND),
        None => answered(say::say(p, config, Some(agent), &ask).await),
    }
}

/// `POST /api/inbox/take` and the like with `{"account": …, "customer": …}`.
pub async fn act<P: Platform>(p: &P, config: &Config<'_>, who: &Who, request: &Request, act: Act) -> Answer {
    let Some(agent) = who.agent() else { return nobody() };
    let ask: Ask = match body(request, WHICH) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    let id: ConversationId = match threads::named(p, &ask.which).await {
        Ok(id) => id,
        Err(refused) => return refusal(&refused),
    };
    let missing = |what: &str| Answer::problem(StatusCode::BAD_REQUEST, &format!("The body has no {what}."), WHICH);
    let done = match act {
        Act::Take => handoff::take(p, config, agent, &id).await,
        Act::Release => handoff::release(p, config, agent, &id).await,
        Act::Close => handoff::close(p, config, agent, &id).await,
        Act::Assign => match &ask.agent {
            Some(to) => handoff::assign(p, config, agent, &id, to).await,
            None => return missing("agent"),
        },
        Act::Note => match ask.text.as_deref().map(str::trim) {
            Some(text) if !text.is_empty() && text.chars().count() <= LONGEST_NOTE => {
                threads::note(p, agent, &id, text).await
            }
            _ => return missing("text of 1 to 5,000 characters"),
        },
        Act::Read => match &ask.to {
            Some(to) => signal::read(p, config, agent, &id, to).await,
            None => return missing("to"),
        },
        Act::Dismiss => match &ask.message {
            Some(message) => threads::dismiss(p, &id, message).await,
            None => return missing("message"),
        },
        Act::Resume => threads::resume(p, &id).await,
        Act::Typing => signal::typing(p, config, agent, &id).await,
    };
    answered::<serde_json::Value>(done)
}

fn asked_for(request: &Request) -> Option<Which> {
    let customer = query::text(request, "customer")?;
    Some(Which { account: query::text(request, "account"), customer: customer.into() })
}
