//! `/sign-in/x`: pages for people who let us act for their account; and the invites that lead there.

use http::StatusCode;
use http::header::{COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE};
use serde::Deserialize;
use serde_json::json;

use super::address::origin;
use super::admin::not_now;
use super::answer::Answer;
use super::ask::body;
use super::page::{escape, page};
use super::query;
use crate::config::Config;
use crate::error::Trouble;
use crate::flows::audit;
use crate::flows::report::{Report, StepResult};
use crate::flows::sign_in::{self, NoInvite, NoSignIn, Said, With};
use crate::platform::Platform;
use crate::x_api::request::Request;
use crate::x_api::secret::Secret;

/// Where people set out …
pub const PATH: &str = "/sign-in/x";
/// … and where X sends them back to: to be registered in its portal.
pub const CALLBACK: &str = "/sign-in/x/callback";
const BROWSER: &str = "perch_sign_in";
const TAKE_AWAY: &str = "You can take that away on x.com: Settings, Security, Apps and sessions.";

/// `POST /api/invites`: an address that connects one account, within an hour; `{"with": "oauth1" | "oauth2"}` if wanted.
pub fn invite<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        with: Option<With>,
    }
    let Ask { with } = match body(request, "Send {}, or {\"with\": \"oauth1\" or \"oauth2\"}.") {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match sign_in::invite(p, config, &here(request, PATH), with) {
        Ok(invite) => Answer::json(StatusCode::OK, &invite),
        Err(trouble) => not_now(&trouble),
    }
}

/// `GET /sign-in/x?invite=…`; `&with=oauth1` or `&with=oauth2` if wanted.
pub async fn set_out<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let origin = origin(request);
    let invite = query::text(request, "invite").unwrap_or_default();
    match sign_in::set_out(p, config, &invite, &here(request, CALLBACK), with(request)).await {
        Ok(set_out) => {
            // Over plain http only this computer is meant.
            let secure = if origin.starts_with("https://") { "; Secure" } else { "" };
            let cookie = format!(
                "{BROWSER}={}; Path={PATH}; Max-Age=900; HttpOnly; SameSite=Lax{secure}",
                set_out.cookie.reveal()
            );
            Answer::empty(StatusCode::FOUND)
                .header(LOCATION, &set_out.location)
                .header(SET_COOKIE, &cookie)
                .header(REFERRER_POLICY, "no-referrer")
        }
        Err(why) => refused(&why),
    }
}

fn with(request: &Request) -> Option<With> {
    match query::text(request, "with").as_deref() {
        Some("oauth1") => Some(With::OAuth1),
        Some("oauth2") => Some(With::OAuth2),
        _ => None,
    }
}

/// `GET /sign-in/x/callback?oauth_token=…&oauth_verifier=…` or `?denied=…`; of OAuth 2.0 `?state=…&code=…` or `?error=…`.
pub async fn come_back<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let given = |name: &str| query::text(request, name);
    let of_oauth1 = given("oauth_token").zip(given("oauth_verifier"));
    let said = match (of_oauth1, given("state").zip(given("code"))) {
        (Some((request_token, verifier)), _) => Said::Verifier { request_token, verifier },
        (None, Some((state, code))) => Said::Code { state, code },
        (None, None) => match given("error") {
            Some(error) if error != "access_denied" => Said::Error(error),
            _ => Said::No,
        },
    };
    let (cookie, callback) = (cookie(request), here(request, CALLBACK));
    let came = sign_in::come_back(p, config, said, cookie.as_ref(), &origin(request), &callback).await;
    let answer = match came {
        Ok(report) => {
            let answer = told(&report);
            let about = json!({"account": report.account.as_ref().map(|account| &account.id)}).to_string();
            let status = answer.response.status().as_u16();
            match audit::write(p, "invite", CALLBACK, about.as_bytes(), status).await {
                Ok(()) => answer,
                Err(trouble) => answer.logged(format!("audit: {trouble}")),
            }
        }
        Err(why) => refused(&why),
    };
    answer
        .header(SET_COOKIE, &format!("{BROWSER}=; Path={PATH}; Max-Age=0; HttpOnly; SameSite=Lax"))
        .header(REFERRER_POLICY, "no-referrer")
}

/// An address of this very Worker: another one may receive X's deliveries at PUBLIC_URL.
fn here(request: &Request, path: &str) -> String {
    format!("{}{path}", origin(request))
}

fn cookie(request: &Request) -> Option<Secret> {
    let all = request.headers().get(COOKIE)?.to_str().ok()?;
    let ours = all.split(';').find_map(|pair| pair.trim().strip_prefix(BROWSER)?.strip_prefix('='))?;
    Some(Secret::new(ours))
}

/// Every step, in the words of the report.
fn told(report: &Report) -> Answer {
    let steps: String = report
        .steps
        .iter()
        .map(|step| match &step.result {
            StepResult::Done => format!("<li>{}: done</li>", escape(&step.step)),
            StepResult::Kept => format!("<li>{}: it was so already</li>", escape(&step.step)),
            StepResult::Failed { cause, what_to_do, .. } => format!(
                "<li><strong>{}: failed.</strong> {} {}</li>",
                escape(&step.step),
                escape(cause),
                escape(what_to_do)
            ),
        })
        .collect();
    let who = report.account.as_ref().map(|account| format!("@{}", escape(&account.username))).unwrap_or_default();
    let may = report.account.as_ref().and_then(|account| account.may.as_deref());
    let (title, words) = if report.ok {
        let may = may.map(|may| format!("X says that this program may do this for it: {}.", escape(may)));
        let words = format!("Its Direct Messages are answered from now on. {} {TAKE_AWAY}", may.unwrap_or_default());
        (format!("{who} is connected"), words)
    } else {
        let words = "Whoever sent you here can mend what is named below; then open a new invite.";
        (format!("{who} is not connected yet"), words.to_owned())
    };
    let status = if report.ok { StatusCode::OK } else { StatusCode::BAD_GATEWAY };
    let body = format!("<h1>{title}</h1>\n<p>{words}</p>\n<ul>{steps}</ul>");
    Answer::page(page("Sign in with X", &body)).status(status)
}

fn refused(why: &NoSignIn) -> Answer {
    let (status, title, mend) = match why {
        NoSignIn::Invite(NoInvite::Forged) => {
            (StatusCode::FORBIDDEN, "This is no invite.", "Ask whoever sent it for the whole address.".to_owned())
        }
        NoSignIn::Invite(NoInvite::Over) => {
            (StatusCode::GONE, "This invite is over.", "It was good for an hour. Ask for a new one.".to_owned())
        }
        NoSignIn::Used => (
            StatusCode::GONE,
            "This invite was used already.",
            "Each connects one account. Ask for a new one.".to_owned(),
        ),
        NoSignIn::UsedMeanwhile { given_back } => (
            StatusCode::GONE,
            "This invite was used already.",
            match given_back {
                true => {
                    "It connects one account, and that was another. What you granted is given back to X.".to_owned()
                }
                false => {
                    format!("It connects one account, and that was another. What you granted stays on X. {TAKE_AWAY}")
                }
            },
        ),
        NoSignIn::NotOnTheWay => (
            StatusCode::FORBIDDEN,
            "This is not the way that began here.",
            "It was opened twice, too late, or in another browser. Open the invite again.".to_owned(),
        ),
        NoSignIn::Denied => (
            StatusCode::OK,
            "You said no. Nothing was stored.",
            "Open the invite again, if that was not meant.".to_owned(),
        ),
        NoSignIn::Page(error) => (
            StatusCode::BAD_GATEWAY,
            "X did not let you in.",
            format!(
                "X says: {}. Check in X's portal that OAuth 2.0 is set up for this app, with this callback and these permissions.",
                escape(&error.chars().take(80).collect::<String>())
            ),
        ),
        NoSignIn::Stopped(stopped) => {
            let (cause, what_to_do) = stopped.said();
            let body = format!("<h1>It did not work.</h1>\n<p>{}</p>\n<p>{}</p>", escape(&cause), escape(&what_to_do));
            let answer = Answer::page(page("Sign in with X", &body)).status(StatusCode::BAD_GATEWAY);
            return match stopped {
                crate::flows::stopped::Stopped::Trouble(trouble @ (Trouble::Storage(_) | Trouble::Conflict(_))) => {
                    answer.logged(trouble.to_string())
                }
                _ => answer,
            };
        }
    };
    let body = format!("<h1>{title}</h1>\n<p>{mend}</p>");
    Answer::page(page("Sign in with X", &body)).status(status)
}
