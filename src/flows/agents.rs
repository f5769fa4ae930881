//! The people who answer: made and changed by an admin, present or away by themselves.

use serde::Deserialize;
use serde_json::{Value, json};

use super::handoff::{self, settings::is_team};
use super::log_in;
use super::refused::Refused;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::{self, Change};
pub use crate::store::agents::{Agent, Role};
use crate::store::{handoffs, sessions};

/// What an admin says of an agent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    /// Whom it is about: the id or the log-in name. Of a new one the log-in name.
    pub login: String,
    /// As customers read it.
    pub name: Option<String>,
    pub role: Option<Role>,
    pub teams: Option<Vec<String>>,
    /// Conversations that are offered to them at a time.
    pub at_once: Option<i64>,
    /// `true`: a new one is made and told once.
    pub password: bool,
    /// Which of the script's profiles customers see; an empty one: the account itself.
    pub profile: Option<String>,
}

const LONGEST_NAME: usize = 80;

impl Ask {
    /// What is wrong with it, in words.
    pub fn mistake(&self) -> Option<String> {
        let login = &self.login;
        let plain = |c: char| c.is_ascii_alphanumeric() || "._+-@".contains(c);
        if login.is_empty() || login.len() > LONGEST_NAME || !login.chars().all(plain) {
            return Some("'login' is a name of letters, digits and . _ + - @".to_owned());
        }
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > LONGEST_NAME) {
            return Some(format!("'name' has 1 to {LONGEST_NAME} characters"));
        }
        if self.teams.iter().flatten().any(|team| !is_team(team)) {
            return Some("a team is one word of letters, digits, '-' and '_'".to_owned());
        }
        if self.profile.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Some("'profile' is a name of the script's profiles".to_owned());
        }
        self.at_once
            .filter(|count| !(1..=100).contains(count))
            .map(|_| "'at_once' is a number from 1 to 100".to_owned())
    }

    /// The audit calls others so.
    pub fn is_reserved(&self) -> bool {
        ["admin", "invite"].iter().any(|name| self.login.eq_ignore_ascii_case(name))
    }

    fn teams(&self) -> Option<String> {
        self.teams.as_ref().map(|teams| teams.iter().map(|team| format!(" {team} ")).collect())
    }
}

pub async fn list<P: Platform>(p: &P) -> Result<Vec<Value>, Trouble> {
    Ok(p.rows(agents::all()).await?.0)
}

/// With a password that is told this once.
pub async fn add<P: Platform>(p: &P, ask: &Ask) -> Result<Value, Refused> {
    let password = new_password(p);
    let hashed = log_in::hashed(p, &password).await?;
    let id = p.nonce();
    let change = Change {
        name: ask.name.as_deref().map(str::trim),
        role: ask.role,
        teams: ask.teams(),
        at_once: ask.at_once,
        password: Some(&hashed),
        profile: ask.profile.as_deref().map(str::trim),
    };
    if p.rows(agents::insert(&id, &ask.login, &change, p.now())).await?.is_empty() {
        return Err(Refused::Taken(ask.login.clone()));
    }
    Ok(json!({"id": id, "login": ask.login, "password": password}))
}

pub async fn change<P: Platform>(p: &P, ask: &Ask) -> Result<Value, Refused> {
    let agent = find(p, &ask.login).await?;
    let password = ask.password.then(|| new_password(p));
    let hashed = match &password {
        Some(password) => Some(log_in::hashed(p, password).await?),
        None => None,
    };
    let change = Change {
        name: ask.name.as_deref().map(str::trim),
        role: ask.role,
        teams: ask.teams(),
        at_once: ask.at_once,
        password: hashed.as_deref(),
        profile: ask.profile.as_deref().map(str::trim),
    };
    let mut batch = vec![agents::change(&agent.id, &change)];
    // Whoever had the old one, or other rights, starts anew; a form says the role again with everything else.
    let is_anew = password.is_some() || ask.role.is_some_and(|role| role != agent.role);
    batch.extend(is_anew.then(|| sessions::delete_of(&agent.id)));
    batch.extend(password.is_some().then(|| log_in::unlock(&agent.login)));
    p.sql(batch).await?;
    Ok(json!({"id": agent.id, "login": agent.login, "password": password}))
}

/// Ends their sessions; what they have waits for somebody else.
pub async fn remove<P: Platform>(p: &P, config: &Config<'_>, login: &str) -> Result<Value, Refused> {
    let agent = find(p, login).await?;
    let now = p.now();
    let left = handoffs::leave(&agent.id, now);
    p.sql(vec![left, sessions::delete_of(&agent.id), agents::delete(&agent.id)]).await?;
    // What this does not reach the sweep does.
    let _ = handoff::ask_waiting(p, config).await;
    Ok(json!({"ok": true, "login": agent.login}))
}

/// Whoever becomes available is asked for those who wait.
pub async fn present<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    is_available: bool,
) -> Result<Value, Refused> {
    p.sql(vec![agents::present(&agent.id, is_available, p.now())]).await?;
    if is_available {
        handoff::ask_waiting(p, config).await?;
    }
    Ok(json!({"presence": if is_available { "available" } else { "away" }}))
}

pub async fn find<P: Platform>(p: &P, login: &str) -> Result<Agent, Refused> {
    let found: Option<Agent> = p.first(agents::find(login)).await?;
    found.ok_or(Refused::NoAgent)
}

/// 80 bits in five groups: to be read to somebody, and changed by them.
fn new_password<P: Platform>(p: &P) -> String {
    let nonce = p.nonce();
    let groups: Vec<&str> = (0..5).filter_map(|group| nonce.get(group * 4..group * 4 + 4)).collect();
    groups.join("-")
}
