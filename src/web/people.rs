//! `/api/lookup`, `/api/whoami`, `/api/posts`, `/api/audit`: small things that people ask for.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::{answered, body};
use super::query;
use crate::config::Config;
use crate::flows::refused::Refused;
use crate::flows::{audit, post, who_is};
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/lookup?username=…`: the id of somebody on X.
pub async fn lookup<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let given = query::text(request, "username").unwrap_or_default();
    let name = given.trim_start_matches('@');
    let is_name =
        (1..=15).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        let mend = "Add ?username=NAME: 1 to 15 letters, digits and underscores.";
        return Answer::problem(StatusCode::BAD_REQUEST, "No username of X's is given.", mend);
    }
    match who_is::by_name(p, config, name).await {
        Ok(Some(profile)) => Answer::json(StatusCode::OK, &profile),
        Ok(None) => Answer::problem(StatusCode::NOT_FOUND, &format!("X knows no @{name}."), "Check the spelling."),
        Err(stopped) => answered::<()>(Err(Refused::Stopped(stopped))),
    }
}

/// `GET /api/whoami?account=…`: the account as X has it, and what its tokens may do.
pub async fn whoami<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    answered(who_is::whoami(p, config, query::text(request, "account").as_deref()).await)
}

/// `POST /api/posts` with `{"text": …}`; `account`, `reply_to` and `media` (the hash of a file) if wanted.
pub async fn create<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        text: String,
        account: Option<String>,
        reply_to: Option<String>,
        media: Option<String>,
    }
    match body::<Ask>(request, "Send {\"text\": …}; account, reply_to and media if wanted.") {
        Ok(ask) if ask.text.trim().is_empty() => {
            Answer::problem(StatusCode::BAD_REQUEST, "The text is empty.", "Say something.")
        }
        Ok(ask) => {
            let ask = post::Ask {
                account: ask.account.as_deref(),
                text: &ask.text,
                reply_to: ask.reply_to.as_deref(),
                media: ask.media.as_deref(),
            };
            answered(post::post(p, config, &ask).await)
        }
        Err(answer) => *answer,
    }
}

/// `GET /api/audit?before=…`: every change, newest first.
pub async fn audit<P: Platform>(p: &P, request: &Request) -> Answer {
    let listed = audit::list(p, query::text(request, "before").as_deref()).await;
    let listed = listed.map(|(all, next)| json!({"changes": all, "next": next}));
    answered::<Value>(listed.map_err(Refused::from))
}
