//! `/api/accounts`: the accounts that we act for.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::answer::Answer;
use super::ask::{answered, body, reported};
use super::query;
use crate::config::Config;
use crate::flows::refused::Refused;
use crate::flows::{accounts, reseal, retention};
use crate::platform::Platform;
use crate::x_api::dialect::Speaks;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct Ask {
    account: Option<String>,
    #[serde(default)]
    on: Option<bool>,
}

#[derive(Deserialize)]
struct Dialect {
    account: Option<String>,
    speaks: Choice,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Rich,
    Plain,
    Auto,
}

/// `GET /api/accounts?after=…`: a page of accounts, by id; `next` is there while there are more.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match accounts::list(p, config, &query::text(request, "after").unwrap_or_default()).await {
        Ok((all, next)) => Answer::json(StatusCode::OK, &json!({"accounts": all, "next": next})),
        Err(trouble) => answered::<()>(Err(Refused::from(trouble))),
    }
}

/// `POST /api/accounts/switch` with `{"account": …, "on": true | false}`.
pub async fn switch<P: Platform>(p: &P, request: &Request) -> Answer {
    const SEND: &str = "Send {\"account\": …, \"on\": true or false}.";
    match body::<Ask>(request, SEND) {
        Ok(Ask { account, on: Some(on) }) => answered(accounts::switch(p, account.as_deref(), on).await),
        Ok(_) => Answer::problem(StatusCode::BAD_REQUEST, "The body does not say on or off.", SEND),
        Err(answer) => *answer,
    }
}

/// `POST /api/accounts/own` with `{"account": …, "answers": true | false}`: whether other accounts of ours are answered.
pub async fn own<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        account: Option<String>,
        answers: bool,
    }
    match body::<Ask>(request, "Send {\"account\": …, \"answers\": true or false}.") {
        Ok(ask) => answered(accounts::answers_own(p, ask.account.as_deref(), ask.answers).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/accounts/speak` with `{"account": …, "speaks": "rich" | "plain" | "auto"}`.
pub async fn speak<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match body::<Dialect>(request, "Send {\"account\": …, \"speaks\": \"rich\", \"plain\" or \"auto\"}.") {
        Ok(Dialect { account, speaks }) => {
            let speaks = match speaks {
                Choice::Rich => Some(Speaks::Rich),
                Choice::Plain => Some(Speaks::Plain),
                Choice::Auto => None,
            };
            answered(accounts::speak(p, config, account.as_deref(), speaks).await)
        }
        Err(answer) => *answer,
    }
}

/// `POST /api/accounts/retention` with `{"account": …, "days": 365 | 0 | null}`: for how long what was said is kept.
pub async fn retention<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        account: Option<String>,
        days: Option<i64>,
    }
    const SEND: &str = "Send {\"account\": …, \"days\": …}: 35 to 3650, 0 for ever, null as RETENTION_DAYS says.";
    match body::<Ask>(request, SEND) {
        Ok(Ask { account, days }) => match retention::choose(p, config, account.as_deref(), days).await {
            Ok(Ok(chosen)) => Answer::json(StatusCode::OK, &chosen),
            Ok(Err(why)) => Answer::problem(StatusCode::BAD_REQUEST, &format!("It cannot be kept so: {why}."), SEND),
            Err(refused) => answered::<()>(Err(refused)),
        },
        Err(answer) => *answer,
    }
}

/// `POST /api/accounts/disconnect` with `{"account": …}`: ends the subscription, and deletes all that is known of the account.
pub async fn disconnect<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    // Nobody deletes an account by leaving its name out.
    match body::<Ask>(request, "Send {\"account\": …}: its id or its @name.") {
        Ok(Ask { account: Some(account), .. }) => reported(accounts::disconnect(p, config, Some(&account)).await),
        Ok(_) => Answer::problem(StatusCode::BAD_REQUEST, "No account is named.", "Send {\"account\": …}."),
        Err(answer) => *answer,
    }
}

/// `POST /api/accounts/reseal`: every account's tokens under the present `TOKEN_KEY`. 202 with `next`: there are more than
/// one call seals, or some were changed meanwhile; `{"after": next}` goes on.
pub async fn reseal<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        after: Option<String>,
    }
    match body::<Ask>(request, "Send {}, or {\"after\": …}.") {
        Ok(Ask { after }) => {
            let after = after.unwrap_or_default();
            reported(reseal::reseal(p, config, &after).await.map_err(Refused::from))
        }
        Err(answer) => *answer,
    }
}
