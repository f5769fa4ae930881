//! People log in with a name and a password, and their browser keeps a session.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::agents::{self, Agent, Credentials};
use crate::store::guesses::{self, Locked};
use crate::store::sessions;
use crate::store::statement::Statement;
use crate::x_api::secret::Secret;
use crate::x_api::time::{Span, Timestamp};

/// As many as the runtime allows.
const ROUNDS: u32 = 100_000;
/// A session that nobody uses for so long is over.
pub const SESSION: Span = Span::hours(12);
/// … and one that is used all the while after so long: an open page uses it by itself.
const LONGEST_SESSION: Span = Span::days(7);
const SHORTEST: usize = 10;
const LONGEST: usize = 200;

/// Why nobody is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLogIn {
    Wrong,
    /// Too many that failed: not before.
    Locked(Timestamp),
    Trouble(Trouble),
}

impl From<Trouble> for NoLogIn {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// The cookie's value.
pub async fn log_in<P: Platform>(p: &P, login: &str, password: &str) -> Result<Secret, NoLogIn> {
    let known = checked(p, login, password).await?;
    // A password that was changed while this one was looked at is a wrong one.
    begin(p, &known.id, login, known.password.as_deref()).await?.ok_or(NoLogIn::Wrong)
}

/// Whoever has the name and the password.
async fn checked<P: Platform>(p: &P, login: &str, password: &str) -> Result<Credentials, NoLogIn> {
    let (name, now) = (name_of(login), p.now());
    let [counted, locked, known] =
        p.each([guesses::count(&name, now), guesses::locked(&name), agents::credentials(login)]).await?;
    let may_be_judged = !counted.is_empty();
    let locked: Option<Locked> = locked.first().map_err(Trouble::from)?;
    if !may_be_judged {
        return Err(NoLogIn::Locked(locked.map_or(now, |locked| locked.locked_until)));
    }
    let known: Option<Credentials> = known.first().map_err(Trouble::from)?;
    // Whether somebody of this name exists is not to be told from the time that the answer takes.
    let stored = known.as_ref().and_then(|known| known.password.as_deref()).unwrap_or(NOBODY);
    let fits = fits(p, password, stored).await?;
    known.filter(|known| fits && known.password.is_some()).ok_or(NoLogIn::Wrong)
}

/// A session of somebody who was let in: the cookie's value. `None` where they are gone, or have another password than the one that was
/// checked.
pub async fn begin<P: Platform>(
    p: &P,
    agent: &str,
    login: &str,
    checked: Option<&str>,
) -> Result<Option<Secret>, Trouble> {
    let (token, now) = (format!("{}{}", p.nonce(), p.nonce()), p.now());
    let session = sessions::insert(&hash(&token), agent, checked, now + SESSION, now);
    let rows = p.sql(vec![session, unlock(login)]).await?;
    Ok(rows.first().is_some_and(|rows| !rows.is_empty()).then(|| Secret::new(token)))
}

/// Of somebody who has a new password nobody has guessed yet.
pub fn unlock(login: &str) -> Statement {
    guesses::forget(&name_of(login))
}

/// The table has no names: what is typed there by mistake may be a password.
fn name_of(login: &str) -> String {
    hash(&login.to_ascii_lowercase())
}

/// Whose session this is; one that is used lasts on.
pub async fn whose<P: Platform>(p: &P, token: &Secret) -> Result<Option<Agent>, Trouble> {
    let (id, now) = (hash(token.reveal()), p.now());
    let lasts = sessions::lasts(&id, now + SESSION, now + SESSION - Span::hours(1), now);
    let rows = p.sql(vec![session_of(token, now), lasts]).await?;
    Ok(rows.into_iter().next().unwrap_or_default().first()?)
}

/// Finds the agent, while the session is not over.
pub fn session_of(token: &Secret, now: Timestamp) -> Statement {
    sessions::agent_of(&hash(token.reveal()), now - LONGEST_SESSION, now)
}

pub async fn log_out<P: Platform>(p: &P, token: &Secret) -> Result<(), Trouble> {
    p.sql(vec![sessions::delete(&hash(token.reveal()))]).await.map(drop)
}

/// The agent's own password, changed by themselves: every session of theirs ends, and the cookie of a new one is given.
pub async fn change_password<P: Platform>(p: &P, agent: &Agent, old: &str, new: &str) -> Result<Secret, NoLogIn> {
    let known = checked(p, &agent.login, old).await?;
    let hashed = hashed(p, new).await?;
    // Where an admin has given another one meanwhile, that one counts, and `begin` finds so.
    let change = agents::change_password(&agent.id, known.password.as_deref(), &hashed);
    p.sql(vec![change, sessions::delete_of(&agent.id)]).await?;
    begin(p, &agent.id, &agent.login, Some(&hashed)).await?.ok_or(NoLogIn::Wrong)
}

/// What is wrong with a new password, in words.
pub fn flaw(password: &str) -> Option<String> {
    let length = password.chars().count();
    (!(SHORTEST..=LONGEST).contains(&length)).then(|| format!("a password has {SHORTEST} to {LONGEST} characters"))
}

/// `pbkdf2-sha256$rounds$salt$hash`.
pub async fn hashed<P: Platform>(p: &P, password: &str) -> Result<String, Trouble> {
    let salt = p.nonce();
    let hash = p.stretch(password, &salt, ROUNDS).await?;
    Ok(format!("pbkdf2-sha256${ROUNDS}${salt}${}", hex(&hash)))
}

/// What nobody's password is checked against.
const NOBODY: &str = "pbkdf2-sha256$100000$nobody$0000000000000000000000000000000000000000000000000000000000000000";

async fn fits<P: Platform>(p: &P, password: &str, stored: &str) -> Result<bool, Trouble> {
    let mut parts = stored.split('$');
    let (Some("pbkdf2-sha256"), Some(rounds), Some(salt), Some(hash), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Ok(false);
    };
    let rounds = rounds.parse().unwrap_or(ROUNDS).min(ROUNDS);
    let password: String = password.chars().take(LONGEST).collect();
    let given = hex(&p.stretch(&password, salt, rounds).await?);
    Ok(given.as_bytes().ct_eq(hash.as_bytes()).into())
}

/// The database never has what opens a session.
fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
