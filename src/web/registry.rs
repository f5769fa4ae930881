//! `/api/webhooks` and `/api/subscriptions`: what X has registered for the app.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::{answered, body, reported};
use super::query;
use crate::config::Config;
use crate::flows::desk::Desk;
use crate::flows::refused::{Refused, find};
use crate::flows::{accounts, relocation, subscriptions, webhooks};
use crate::platform::Platform;
use crate::x_api::ids::WebhookId;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct ById {
    id: WebhookId,
    #[serde(default)]
    account: Option<String>,
}

#[derive(Deserialize)]
struct ByUrl {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize)]
struct ByAccount {
    account: Option<String>,
}

const SEND_ID: &str = "Send {\"id\": …}: GET /api/webhooks lists the ids.";
const SEND_URL: &str = "Send {\"url\": \"https://…\"}; without it the address is PUBLIC_URL and WEBHOOK_PATH.";
const SEND_ACCOUNT: &str = "Send {\"account\": …}: its id or its @name.";

/// The deployment's own product, or that of the account that is named.
async fn desk<'a, P: Platform>(
    p: &'a P,
    config: &'a Config<'a>,
    account: Option<&str>,
) -> Result<Desk<'a, P>, Refused> {
    match account {
        None => Ok(Desk::open(p, config, config.product(None)?)?),
        account => Ok(Desk::of(p, config, &find(p, account).await?)?),
    }
}

/// `GET /api/webhooks?account=…`.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let listed = async {
        let desk = desk(p, config, query::text(request, "account").as_deref()).await?;
        let all = webhooks::list(&desk).await?;
        Ok::<Value, Refused>(json!({"product": desk.product.name(), "webhooks": all}))
    };
    answered(listed.await)
}

/// `POST /api/webhooks/register` with `{"url": …}`.
pub async fn register<P: Platform>(p: &P, config: &Config<'_>, request: &Request, origin: &str) -> Answer {
    let ask = match body::<ByUrl>(request, SEND_URL) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    let url = webhooks::url(config, ask.url.as_deref(), origin);
    let registered = async {
        let desk = desk(p, config, ask.account.as_deref()).await?;
        Ok::<_, Refused>(webhooks::register(&desk, &url).await?)
    };
    answered(registered.await)
}

/// `POST /api/webhooks/validate` with `{"id": …}`: X calls the address now, and takes it for valid again.
pub async fn validate<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    by_id(p, config, request, false).await
}

/// `POST /api/webhooks/delete` with `{"id": …}`.
pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    by_id(p, config, request, true).await
}

async fn by_id<P: Platform>(p: &P, config: &Config<'_>, request: &Request, deletes: bool) -> Answer {
    let ById { id, account } = match body::<ById>(request, SEND_ID) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    let done = async {
        let desk = desk(p, config, account.as_deref()).await?;
        match deletes {
            true => webhooks::delete(&desk, &id).await?,
            false => webhooks::validate(&desk, &id).await?,
        }
        Ok::<Value, Refused>(json!({"ok": true, if deletes { "deleted" } else { "validated" }: id}))
    };
    answered(done.await)
}

/// `POST /api/webhooks/move` with `{"url": …}`: the webhook at another address, and every account with it. 202 with `next`:
/// there are more than one call moves; `{"after": next}` goes on.
pub async fn move_to<P: Platform>(p: &P, config: &Config<'_>, request: &Request, origin: &str) -> Answer {
    let ask = match body::<ByUrl>(request, SEND_URL) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    let (url, after) = (webhooks::url(config, ask.url.as_deref(), origin), ask.after.unwrap_or_default());
    let moved = async {
        let desk = desk(p, config, ask.account.as_deref()).await?;
        Ok::<_, Refused>(relocation::move_to(p, config, &desk, &url, &after).await?)
    };
    reported(moved.await)
}

/// `GET /api/subscriptions?webhook=…`: who is subscribed to it, and how many the app may have.
pub async fn subscriptions<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let listed = async {
        let desk = desk(p, config, query::text(request, "account").as_deref()).await?;
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
