//! `/api/agents`: the people who answer; and how an account hands over to them.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::{answered, body};
use super::query;
use crate::config::Config;
use crate::flows::accounts;
use crate::flows::agents::{self, Ask};
use crate::flows::handoff::settings::Settings;
use crate::flows::refused::{Refused, find};
use crate::platform::Platform;
use crate::x_api::request::Request;

const SEND: &str = "Send {\"login\": …} with \"name\", \"role\" (agent, admin), \"teams\", \"at_once\", \"profile\" and \"password\": true if wanted.";

/// `GET /api/agents`.
pub async fn list<P: Platform>(p: &P) -> Answer {
    answered(agents::list(p).await.map(|all| json!({"agents": all})).map_err(Refused::from))
}

/// `POST /api/agents/add` with `{"login": …}`: the password is told this once.
pub async fn add<P: Platform>(p: &P, request: &Request) -> Answer {
    match sound(request) {
        Ok(ask) if ask.is_reserved() => {
            let mend = "Choose another log-in name.";
            Answer::problem(StatusCode::BAD_REQUEST, "The agent is not taken: the audit calls others so.", mend)
        }
        Ok(ask) => answered(agents::add(p, &ask).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/agents/change` with the same; with `"password": true` there is a new one.
pub async fn change<P: Platform>(p: &P, request: &Request) -> Answer {
    match sound(request) {
        Ok(ask) => answered(agents::change(p, &ask).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/agents/remove` with `{"login": …}`.
pub async fn remove<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match sound(request) {
        Ok(ask) => answered(agents::remove(p, config, &ask.login).await),
        Err(answer) => *answer,
    }
}

/// `GET /api/accounts/handoff?account=…`.
pub async fn handoff<P: Platform>(p: &P, request: &Request) -> Answer {
    match find(p, query::text(request, "account").as_deref()).await {
        Ok(account) => {
            let settings = Settings::of(account.handoff.as_deref());
            Answer::json(
                StatusCode::OK,
                &json!({"account": account.id, "username": account.username, "settings": settings}),
            )
        }
        Err(refused) => answered::<()>(Err(refused)),
    }
}

/// `POST /api/accounts/handoff` with `{"account": …, "settings": {…}}`: what is left out stays as it was.
pub async fn set_handoff<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        account: Option<String>,
        settings: Value,
    }
    const SEND: &str = "Send {\"account\": …, \"settings\": {…}}: GET the same address shows them all.";
    let ask: Ask = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match accounts::hand_over(p, ask.account.as_deref(), ask.settings).await {
        Ok(Ok(now)) => Answer::json(StatusCode::OK, &now),
        Ok(Err(why)) => Answer::problem(StatusCode::BAD_REQUEST, &format!("The settings cannot work: {why}."), SEND),
        Err(refused) => answered::<()>(Err(refused)),
    }
}

fn sound(request: &Request) -> Result<Ask, Box<Answer>> {
    let ask: Ask = body(request, SEND)?;
    match ask.mistake() {
        Some(why) => {
            Err(Box::new(Answer::problem(StatusCode::BAD_REQUEST, &format!("The agent is not taken: {why}."), SEND)))
        }
        None => Ok(ask),
    }
}
