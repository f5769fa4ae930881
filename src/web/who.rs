//! Who calls: a program with the admin token, or somebody who is logged in.

use http::header::{COOKIE, HeaderName, ORIGIN, WWW_AUTHENTICATE};
use http::{Method, StatusCode};

use super::address::{origin, scheme};
use super::admin::{is_admin, not_now};
use super::answer::Answer;
use crate::config::Config;
use crate::flows::agents::{Agent, Role};
use crate::flows::log_in;
use crate::platform::Platform;
use crate::x_api::request::Request;
use crate::x_api::secret::Secret;

pub enum Who {
    /// `Authorization: Bearer <ADMIN_TOKEN>`.
    Token,
    Agent(Agent),
}

/// Over https the cookie is bound to this very host; over http this computer is meant.
const COOKIES: [&str; 2] = ["__Host-perch", "perch"];
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Who {
    pub fn is_admin(&self) -> bool {
        match self {
            Self::Token => true,
            Self::Agent(agent) => agent.role == Role::Admin,
        }
    }

    pub fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Token => None,
            Self::Agent(agent) => Some(agent),
        }
    }

    /// As the audit names them.
    pub fn name(&self) -> &str {
        match self {
            Self::Token => "admin",
            Self::Agent(agent) => &agent.login,
        }
    }
}

/// Whose address it is, as Cloudflare tells it.
pub const CALLER: &str = "cf-connecting-ip";

pub fn caller(request: &Request) -> &str {
    request.headers().get(CALLER).and_then(|value| value.to_str().ok()).unwrap_or("unknown")
}

pub async fn who<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Result<Who, Box<Answer>> {
    let token = config
        .admin_token()
        .map_err(|mend| Box::new(Answer::problem(StatusCode::SERVICE_UNAVAILABLE, "The admin API is closed.", mend)))?;
    if is_admin(request, &token) {
        return Ok(Who::Token);
    }
    let agent = match session(request) {
        Some(cookie) => log_in::whose(p, &cookie).await.map_err(|trouble| Box::new(not_now(&trouble)))?,
        None => None,
    };
    match agent {
        // A page of somebody else's may send the cookie along, but not our own page's name.
        Some(_) if !is_safe(request.method()) && !is_from_here(request) => Err(Box::new(Answer::problem(
            StatusCode::FORBIDDEN,
            "This came from another page.",
            "Open the inbox itself, or send the header 'Authorization: Bearer <ADMIN_TOKEN>'.",
        ))),
        Some(agent) => Ok(Who::Agent(agent)),
        None => {
            let mend = "Log in at /log-in, or send the header 'Authorization: Bearer <ADMIN_TOKEN>'.";
            let answer = Answer::problem(StatusCode::UNAUTHORIZED, "This needs the admin token or a log-in.", mend);
            Err(Box::new(answer.header(WWW_AUTHENTICATE, "Bearer")))
        }
    }
}

/// The session's cookie.
pub fn session(request: &Request) -> Option<Secret> {
    let all = request.headers().get(COOKIE)?.to_str().ok()?;
    let value = |name: &str| {
        all.split(';')
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=').filter(|value| !value.is_empty()))
    };
    value(name_of_cookie(request)).map(Secret::new)
}

/// Sets the session's cookie; of an empty one nothing is left.
pub fn set_session(request: &Request, token: &str) -> String {
    let name = name_of_cookie(request);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { 30 * 86_400 };
    format!("{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

/// Sent by a page of this very Worker.
pub fn is_from_here(request: &Request) -> bool {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header(ORIGIN) {
        Some(from) => from == origin(request),
        None => header(FETCH_SITE) == Some("same-origin"),
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn name_of_cookie(request: &Request) -> &'static str {
    let [secure, plain] = COOKIES;
    if scheme(request) == "http" { plain } else { secure }
}
