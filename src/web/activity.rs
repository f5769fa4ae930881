//! `/api/activity`: single subscriptions of X Activity, one for each kind of event and user.

use http::StatusCode;
use serde::Deserialize;

use super::answer::Answer;
use super::ask::{answered, body};
use crate::config::Config;
use crate::flows::one_activity::{self, Change, Wanted};
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/activity`: all of the app's.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>) -> Answer {
    answered(one_activity::list(p, config).await)
}

/// `POST /api/activity/add` with `{"account": …, "event_type": …, "tag": …}`.
pub async fn add<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match body::<Wanted>(request, "Send {\"account\": …, \"event_type\": \"profile.update.bio\"}; a tag if wanted.") {
        Ok(wanted) => answered(one_activity::add(p, config, &wanted).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/activity/update` with `{"id": …, "webhook": …, "tag": …}`: X changes nothing else.
pub async fn update<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    const SEND: &str = "Send {\"id\": …} with webhook, tag, or both.";
    match body::<Change>(request, SEND) {
        Ok(change) if change.webhook.is_none() && change.tag.is_none() => {
            Answer::problem(StatusCode::BAD_REQUEST, "Nothing is to change.", SEND)
        }
        Ok(change) => answered(one_activity::update(p, config, &change).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/activity/delete` with `{"id": …}`.
pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        id: String,
    }
    match body::<Ask>(request, "Send {\"id\": …}: GET /api/activity lists them.") {
        Ok(ask) => answered(one_activity::delete(p, config, &ask.id).await),
        Err(answer) => *answer,
    }
}
