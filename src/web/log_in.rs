//! `/log-in`: the page on which agents log in, and what they do with their own log-in.

use http::StatusCode;
use http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::ask::{answered, body};
use super::page::{escape, page, page_leading_to};
use super::who::{Who, caller, is_from_here, session, set_session};
use crate::access;
use crate::config::Config;
use crate::flows::accounts;
use crate::flows::agents::{self, Role};
use crate::flows::come_through_access::{Came, come};
use crate::flows::log_in::{self, NoLogIn};
use crate::flows::refused::Refused;
use crate::platform::Platform;
use crate::x_api::request::Request;

pub const PATH: &str = "/log-in";
/// Where people go from there.
const APP: &str = "/app/";

/// `GET /log-in`: the form; whoever comes through Cloudflare Access needs none.
pub async fn form<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let token = request.headers().get(access::HEADER).and_then(|value| value.to_str().ok());
    let (Some(gate), Some(token)) = (config.access(), token) else { return shown("", "") };
    match come(p, &gate, token).await {
        // The cookie goes to none but our own pages, and a redirect from elsewhere is not one: this page leads on.
        Ok(Came::In(session)) => {
            let body = format!(r#"<h1>Perch</h1><p><a href="{APP}">Go on to the inbox</a></p>"#);
            Answer::page(page_leading_to(APP, "Logged in to Perch", &body))
                .header(SET_COOKIE, &set_session(request, session.reveal()))
        }
        Ok(Came::Stranger(email)) => {
            let said = format!("Nobody logs in as {email} here. An admin mends that: perch agents add {email}.");
            shown(&email, &said).status(StatusCode::FORBIDDEN)
        }
        Ok(Came::Refused) => {
            let said = "Cloudflare Access sent a token that is not for this deployment: ACCESS_TEAM and ACCESS_AUD name its team and application.";
            shown("", said).status(StatusCode::FORBIDDEN)
        }
        Err(trouble) => {
            shown("", "Cloudflare Access does not answer. Try again in a minute, or log in with a password.")
                .status(StatusCode::SERVICE_UNAVAILABLE)
                .logged(trouble.to_string())
        }
    }
}

/// `POST /log-in` of that form. A deployment that serves no people, as one that only receives, lets nobody in.
pub async fn log_in<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    if !is_from_here(request) {
        return shown("", "This form was sent from another page. Log in here.").status(StatusCode::FORBIDDEN);
    }
    if let Err(mend) = config.admin_token() {
        return shown("", mend).status(StatusCode::SERVICE_UNAVAILABLE);
    }
    // Before anything is looked at: a guess costs as much as a log-in.
    if !p.may_fail_again(&format!("log-in {}", caller(request))).await {
        return shown("", "Too many log-ins from this address. Wait a minute, then try again.")
            .status(StatusCode::TOO_MANY_REQUESTS)
            .header(RETRY_AFTER, "60");
    }
    let field = |name: &str| {
        let found = form_urlencoded::parse(request.body()).find(|(key, _)| key == name);
        found.map(|(_, value)| value).unwrap_or_default()
    };
    let (login, password) = (field("login"), field("password"));
    match log_in::log_in(p, login.trim(), &password).await {
        Ok(token) => Answer::empty(StatusCode::SEE_OTHER)
            .header(LOCATION, APP)
            .header(SET_COOKIE, &set_session(request, token.reveal())),
        Err(NoLogIn::Wrong) => shown(&login, "The name or the password is wrong.").status(StatusCode::UNAUTHORIZED),
        Err(NoLogIn::Locked(until)) => {
            let seconds = (until - p.now()).as_delay().max(1);
            let said = format!("Too many wrong passwords. Try again in {seconds} seconds.");
            shown(&login, &said).status(StatusCode::TOO_MANY_REQUESTS).header(RETRY_AFTER, &seconds.to_string())
        }
        Err(NoLogIn::Trouble(trouble)) => shown(&login, "The platform does not answer. Try again in a minute.")
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .logged(trouble.to_string()),
    }
}

/// `POST /log-out`.
pub async fn log_out<P: Platform>(p: &P, request: &Request) -> Answer {
    if !is_from_here(request) {
        return Answer::problem(StatusCode::FORBIDDEN, "This came from another page.", "Log out in the inbox.");
    }
    if let Some(token) = session(request)
        && let Err(trouble) = log_in::log_out(p, &token).await
    {
        return not_now(&trouble);
    }
    Answer::empty(StatusCode::SEE_OTHER).header(LOCATION, PATH).header(SET_COOKIE, &set_session(request, ""))
}

/// Whoever is not logged in and opens a page.
pub fn first() -> Answer {
    Answer::empty(StatusCode::SEE_OTHER).header(LOCATION, PATH)
}

/// `GET /api/me`: who is logged in, and for which accounts people answer here.
pub async fn me<P: Platform>(p: &P, config: &Config<'_>, who: &Who) -> Answer {
    let accounts = match accounts::names(p).await {
        Ok(accounts) => accounts,
        Err(trouble) => return not_now(&trouble),
    };
    let agent = who.agent();
    Answer::json(
        StatusCode::OK,
        &json!({
            "id": agent.map(|agent| &agent.id), "login": agent.map(|agent| &agent.login),
            "name": agent.map_or("admin", |agent| agent.name.as_str()), "role": agent.map_or(Role::Admin, |agent| agent.role),
            "presence": agent.map(|agent| &agent.presence), "accounts": accounts,
            "largest_video": config.largest_video(),
        }),
    )
}

/// `POST /api/me/presence` with `{"presence": "available" | "away"}`.
pub async fn presence<P: Platform>(p: &P, config: &Config<'_>, who: &Who, request: &Request) -> Answer {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Presence {
        Available,
        Away,
    }
    #[derive(Deserialize)]
    struct Ask {
        presence: Presence,
    }
    let Some(agent) = who.agent() else { return nobody() };
    match body::<Ask>(request, "Send {\"presence\": \"available\" or \"away\"}.") {
        Ok(ask) => answered(agents::present(p, config, agent, matches!(ask.presence, Presence::Available)).await),
        Err(answer) => *answer,
    }
}

/// `POST /api/me/password` with `{"old": …, "new": …}`: every session of theirs ends, and this browser has a new one.
pub async fn password<P: Platform>(p: &P, who: &Who, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        old: String,
        new: String,
    }
    let Some(agent) = who.agent() else { return nobody() };
    let ask: Ask = match body(request, "Send {\"old\": …, \"new\": …}.") {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    if let Some(flaw) = log_in::flaw(&ask.new) {
        return Answer::problem(StatusCode::BAD_REQUEST, "The new password is not taken.", &format!("{flaw}."));
    }
    match log_in::change_password(p, agent, &ask.old, &ask.new).await {
        Ok(token) => {
            let answer = Answer::json(StatusCode::OK, &json!({"ok": true}));
            answer.header(SET_COOKIE, &set_session(request, token.reveal()))
        }
        Err(NoLogIn::Wrong) => {
            Answer::problem(StatusCode::FORBIDDEN, "The old password is wrong.", "An admin can give you a new one.")
        }
        Err(NoLogIn::Locked(until)) => {
            let seconds = (until - p.now()).as_delay().max(1).to_string();
            let mend = format!("Try again in {seconds} seconds.");
            Answer::problem(StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords.", &mend)
                .header(RETRY_AFTER, &seconds)
        }
        Err(NoLogIn::Trouble(trouble)) => answered::<()>(Err(Refused::from(trouble))),
    }
}

/// What only somebody who is logged in can do.
pub fn nobody() -> Answer {
    Answer::problem(
        StatusCode::FORBIDDEN,
        "The admin token is nobody's name.",
        "Log in as an agent at /log-in: perch agents add makes one.",
    )
}

fn shown(login: &str, said: &str) -> Answer {
    let said = if said.is_empty() { String::new() } else { format!("<p role=\"alert\">{}</p>", escape(said)) };
    let login = escape(login);
    let body = format!(
        r#"<h1>Perch</h1>
{said}
<form method="post" action="{PATH}">
<p><label>Name<br><input name="login" value="{login}" autocomplete="username" autocapitalize="none" required autofocus></label></p>
<p><label>Password<br><input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Log in</button></p>
</form>
<p><small>An admin makes log-ins: perch agents add NAME.</small></p>"#
    );
    Answer::form(page("Log in to Perch", &body))
}
