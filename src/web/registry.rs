//! `/api/webhooks` and `/api/subscriptions`: what X has registered for the app.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::{answered, body, reported};
use super::query;
use crate::config::Config;
use crate::flows::desk::Desk;
use crate::flows::scripts::Refused;
use crate::flows::{accounts, relocation, subscriptions, webhooks};
use crate::platform::Platform;
use crate::x_api::ids::WebhookId;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct ById {
    id: WebhookId,
}

#[derive(Deserialize)]
struct ByUrl {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
struct ByAccount {
    account: Option<String>,
}

const SEND_ID: &str = "Send {\"id\": …}: GET /api/webhooks lists the ids.";
const SEND_URL: &str = "Send {\"url\": \"https://…\"}; without it the address is PUBLIC_URL and WEBHOOK_PATH.";
const SEND_ACCOUNT: &str = "Send {\"account\": …}: its id or its @name.";

fn desk<'a, P: Platform>(p: &'a P, config: &'a Config<'a>) -> Result<Desk<'a, P>, Refused> {
    Ok(Desk::open(p, config, config.product(None)?)?)
}

/// `GET /api/webhooks`.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>) -> Answer {
    let listed = async {
        let desk = desk(p, config)?;
        let all = webhooks::list(&desk).await?;
        Ok::<Value, Refused>(json!({"product": desk.product.name(), "webhooks": all}))
    };
    answered(listed.await)
}

/// `POST /api/webhooks/register` with `{"url": …}`.
pub async fn register<P: Platform>(p: &P, config: &Config<'_>, request: &Request, origin: &str) -> Answer {
    let url = match body::<ByUrl>(request, SEND_URL) {
        Ok(ask) => webhooks::url(config, ask.url.as_deref(), origin),
        Err(answer) => return *answer,
    };
    let registered = async { Ok::<_, Refused>(webhooks::register(&desk(p, config)?, &url).await?) };
    answered(registered.await)
}

/// `POST /api/webhooks/validate` with `{"id": …}`: X calls the address now, and takes it for valid again.
pub async fn validate<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let id = match body::<ById>(request, SEND_ID) {
        Ok(ById { id }) => id,
        Err(answer) => return *answer,
    };
    let done = async {
        webhooks::validate(&desk(p, config)?, &id).await?;
        Ok::<Value, Refused>(json!({"ok": true, "validated": id}))
    };
    answered(done.await)
}

/// `POST /api/webhooks/delete` with `{"id": …}`.
pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let id = match body::<ById>(request, SEND_ID) {
        Ok(ById { id }) => id,
        Err(answer) => return *answer,
    };
    let done = async {
        webhooks::delete(&desk(p, config)?, &id).await?;
        Ok::<Value, Refused>(json!({"ok": true, "deleted": id}))
    };
    answered(done.await)
}

/// `POST /api/webhooks/move` with `{"url": …}`: the webhook at another address, and every account with it.
pub async fn move_to<P: Platform>(p: &P, config: &Config<'_>, request: &Request, origin: &str) -> Answer {
    let url = match body::<ByUrl>(request, SEND_URL) {
        Ok(ask) => webhooks::url(config, ask.url.as_deref(), origin),
        Err(answer) => return *answer,
    };
    let moved = async { Ok::<_, Refused>(relocation::move_to(p, config, &desk(p, config)?, &url).await?) };
    reported(moved.await)
}

/// `GET /api/subscriptions?webhook=…`: who is subscribed to it, and how many the app may have.
pub async fn subscriptions<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let listed = async {
        let desk = desk(p, config)?;
        let count = subscriptions::count(&desk).await?;
        let mut all = Vec::new();
        for webhook in webhooks::list(&desk).await? {
            if query::text(request, "webhook").is_none_or(|id| id == webhook.id.as_str()) {
                let users = subscriptions::list(&desk, &webhook.id).await?;
                all.push(json!({"webhook": webhook, "accounts": users}));
            }
        }
        Ok::<Value, Refused>(json!({"used": count.used, "allowed": count.allowed, "subscriptions": all}))
    };
    answered(listed.await)
}

/// `POST /api/subscriptions/check` with `{"account": …}`.
pub async fn check<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match body::<ByAccount>(request, SEND_ACCOUNT) {
        Ok(ask) => answered(accounts::hears(p, config, ask.account.as_deref()).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/subscriptions/add` with `{"account": …}`.
pub async fn add<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match body::<ByAccount>(request, SEND_ACCOUNT) {
        Ok(ask) => answered(accounts::hear_again(p, config, ask.account.as_deref()).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/subscriptions/delete` with `{"account": …}`: nothing is delivered for it any more; what is known of it stays.
pub async fn unsubscribe<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match body::<ByAccount>(request, SEND_ACCOUNT) {
        Ok(ask) => answered(accounts::hear_no_more(p, config, ask.account.as_deref()).await),
        Err(answer) => *answer,
    }
}
