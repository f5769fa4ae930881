//! `/api/scripts`: what accounts say, published, planned and taken back.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::query;
use super::refusal::refusal;
use crate::config::Config;
use crate::flows::publish::Step;
use crate::flows::refused::Refused;
use crate::flows::script_flow;
use crate::flows::scripts::{self, Mode};
use crate::platform::Platform;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct Ask {
    /// Id or name; may be left out where there is one account.
    account: Option<String>,
    script: Option<Value>,
    version: Option<i64>,
    /// The hash of each file that the script names; the files come first, through `/api/media`.
    #[serde(default)]
    media: BTreeMap<String, String>,
}

/// `POST /api/scripts/plan` with `{"account": …, "script": {…}}`: what publishing it would change.
pub async fn plan<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    publish(p, config, request, Mode::Plan).await
}

/// `POST /api/scripts/apply`, likewise: changes it. Steps that failed, or that X is still at work on, are named; running it
/// again does what is left.
pub async fn apply<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    publish(p, config, request, Mode::Apply).await
}

async fn publish<P: Platform>(p: &P, config: &Config<'_>, request: &Request, mode: Mode) -> Answer {
    let Some((ask, script)) =
        read(request).and_then(|mut ask| Some((ask.script.take()?, ask))).map(|(script, ask)| (ask, script))
    else {
        return wrong(
            "The body has no script.",
            "Send {\"account\": …, \"script\": {…}} as JSON: perch apply FILE does it.",
        );
    };
    answered(scripts::publish(p, config, ask.account.as_deref(), &script, &ask.media, mode).await)
}

/// `POST /api/scripts/rollback` with `{"account": …, "version": 3}`: that version is published again.
pub async fn rollback<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let Some((ask, version)) =
        read(request).and_then(|ask| Some((ask.version?, ask))).map(|(version, ask)| (ask, version))
    else {
        return wrong(
            "The body has no version.",
            "Send {\"account\": …, \"version\": …}; GET /api/scripts lists them.",
        );
    };
    answered(scripts::rollback(p, config, ask.account.as_deref(), version).await)
}

/// `GET /api/scripts?account=…`: the latest versions, newest first.
pub async fn all<P: Platform>(p: &P, request: &Request) -> Answer {
    match scripts::all(p, query::text(request, "account").as_deref()).await {
        Ok(all) => Answer::json(StatusCode::OK, &json!({"scripts": all})),
        Err(refused) => refusal(&refused),
    }
}

/// `GET /api/scripts/flow?account=…&version=…`: how the live version, or another, leads from node to node.
pub async fn flow<P: Platform>(p: &P, request: &Request) -> Answer {
    let version = query::text(request, "version").as_deref().map(str::parse).transpose();
    let shown = match version {
        Ok(version) => script_flow::show(p, query::text(request, "account").as_deref(), version).await,
        Err(_) => return wrong("The version is no number.", "GET /api/scripts lists them."),
    };
    match shown {
        Ok(flow) => Answer::json(StatusCode::OK, &flow),
        Err(refused) => refusal(&refused),
    }
}

fn read(request: &Request) -> Option<Ask> {
    serde_json::from_slice(request.body()).ok()
}

fn answered(result: Result<Vec<Step>, Refused>) -> Answer {
    match result {
        Ok(steps) => {
            let failed = steps.iter().any(Step::failed);
            let status = if failed { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
            let ok = !failed && !steps.iter().any(Step::is_waiting);
            Answer::json(status, &json!({"ok": ok, "steps": steps}))
        }
        Err(refused) => refusal(&refused),
    }
}

fn wrong(said: &str, mend: &str) -> Answer {
    Answer::problem(StatusCode::BAD_REQUEST, said, mend)
}
