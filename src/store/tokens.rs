//! The table `accounts`: what an account signs with, from the day it connects to the day X takes it no more.

use super::accounts::Account;
use super::statement::Statement;
use crate::x_api::accounts::Profile;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// The product through which an account hears, and what its tokens may do.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub product: &'a str,
    pub environment: Option<&'a str>,
    pub access: Option<&'a str>,
}

/// What somebody gave us, sealed: of one kind or of both.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// Of OAuth 1.0a.
    pub tokens: Option<String>,
    pub oauth2: Option<String>,
    /// Until when the access token of OAuth 2.0 is good.
    pub until: Timestamp,
}

/// The account with new tokens: in use again, whatever was wrong with the old ones. Those of the other kind stay where
/// nothing was wrong.
pub fn connect(profile: &Profile, sealed: &Sealed, place: &Place<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO accounts (id, username, name, tokens, oauth2, oauth2_until, oauth2_since, environment, created_at, updated_at, product, access, connected_at)
         VALUES (?1, ?2, ?3, COALESCE(?4, ''), ?9, ?10, ?6, ?5, ?6, ?6, ?7, ?8, ?6)
         ON CONFLICT (id) DO UPDATE SET username = ?2, name = ?3, environment = ?5, updated_at = ?6, product = ?7, access = COALESCE(?8, access),
           tokens = COALESCE(?4, CASE status WHEN 'ready' THEN tokens ELSE '' END),
           oauth2 = COALESCE(?9, CASE status WHEN 'ready' THEN oauth2 END),
           oauth2_until = CASE WHEN ?9 IS NULL THEN oauth2_until ELSE ?10 END,
           oauth2_since = CASE WHEN ?9 IS NULL THEN oauth2_since ELSE ?6 END, refreshing = NULL, refreshing_until = 0,
           connected_at = ?6, hears = 1, status = 'ready', held_until = 0, why = NULL, drain = drain + 1
         RETURNING id, held_until, drain",
        [
            (&profile.id).into(),
            profile.username.as_str().into(),
            profile.name.as_str().into(),
            sealed.tokens.as_deref().into(),
            place.environment.into(),
            now.into(),
            place.product.into(),
            place.access.into(),
            sealed.oauth2.as_deref().into(),
            sealed.until.into(),
        ],
    )
}

/// X refuses these tokens: nothing is sent before somebody connects the account again. Dead ones are dropped; newer ones
/// are not meant.
pub fn sign_out(account: &Account, are_dead: bool, why: String, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET status = 'signed_out', why = ?2, updated_at = ?3,
           tokens = CASE WHEN ?5 THEN '' ELSE tokens END, oauth2 = CASE WHEN ?5 AND ?4 = '' THEN NULL ELSE oauth2 END
         WHERE id = ?1 AND tokens = ?4 AND (?4 <> '' OR oauth2 IS ?6)",
        [
            (&account.id).into(),
            why.into(),
            now.into(),
            account.tokens.as_str().into(),
            i64::from(are_dead).into(),
            account.oauth2.as_deref().into(),
        ],
    )
}

/// The app may not act for the account any more: its tokens are dropped. One from before it was connected anew does not
/// count.
pub fn revoke(id: &UserId, at: Timestamp, why: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET status = 'revoked', tokens = '', oauth2 = NULL, why = ?2, updated_at = ?4 WHERE id = ?1 AND connected_at <= ?3",
        [id.into(), why.into(), at.into(), now.into()],
    )
}

/// The same tokens, sealed anew; nothing where they were changed meanwhile.
pub fn reseal(id: &UserId, sealed: String, former: &str) -> Statement {
    Statement::new(
        "UPDATE accounts SET tokens = ?2 WHERE id = ?1 AND tokens = ?3 RETURNING id",
        [id.into(), sealed.into(), former.into()],
    )
}

/// The same for those of OAuth 2.0.
pub fn reseal_oauth2(id: &UserId, sealed: String, former: &str) -> Statement {
    Statement::new(
        "UPDATE accounts SET oauth2 = ?2 WHERE id = ?1 AND oauth2 = ?3 RETURNING id",
        [id.into(), sealed.into(), former.into()],
    )
}

/// Lets one worker renew these tokens, until `until`. The same claim may be repeated when its answer was lost.
pub fn claim(id: &UserId, sealed: &str, claim: &str, until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET refreshing = ?3, refreshing_until = ?4
         WHERE id = ?1 AND oauth2 = ?2 AND (refreshing_until <= ?5 OR refreshing = ?3) RETURNING id",
        [id.into(), sealed.into(), claim.into(), until.into(), now.into()],
    )
}

/// The new tokens in place of the former ones, by whoever claimed those: they may have been sealed anew meanwhile. Nothing
/// where others stand there by now, or none.
pub fn renewed(id: &UserId, former: &str, claim: &str, sealed: &str, until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET oauth2 = ?3, oauth2_until = ?4, oauth2_since = ?5, refreshing = NULL, refreshing_until = 0
         WHERE id = ?1 AND (oauth2 = ?2 OR refreshing = ?6 AND oauth2 IS NOT NULL)",
        [id.into(), former.into(), sealed.into(), until.into(), now.into(), claim.into()],
    )
}

/// X does not renew these tokens: nobody tries before `until`.
pub fn postpone(id: &UserId, sealed: &str, until: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET refreshing_until = ?3 WHERE id = ?1 AND oauth2 = ?2",
        [id.into(), sealed.into(), until.into()],
    )
}

/// X takes the access token no more, whatever its time: it is renewed before the next call.
pub fn is_over(id: &UserId, sealed: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET oauth2_until = ?3, refreshing_until = 0 WHERE id = ?1 AND oauth2 = ?2",
        [id.into(), sealed.into(), now.into()],
    )
}

/// X neither takes these tokens nor renews them. An account that has others goes on with those.
pub fn end(id: &UserId, sealed: &str, why: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET oauth2 = NULL, updated_at = ?4, status = CASE tokens WHEN '' THEN 'signed_out' ELSE status END,
           why = CASE tokens WHEN '' THEN ?3 ELSE why END
         WHERE id = ?1 AND oauth2 = ?2",
        [id.into(), sealed.into(), why.into(), now.into()],
    )
}

/// The accounts that are about to lose their only tokens: X has had time to renew them, and did not.
pub fn ending(before: Timestamp) -> Statement {
    Statement::new(
        "SELECT id, username, oauth2_until AS until FROM accounts
         WHERE oauth2 IS NOT NULL AND oauth2_until <= ?1 AND tokens = '' AND status = 'ready' ORDER BY oauth2_until LIMIT 200",
        [before.into()],
    )
}

/// The accounts whose access token ends before `before`, and that nobody is renewing.
pub fn due(before: Timestamp, now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT id FROM accounts WHERE oauth2 IS NOT NULL AND oauth2_until <= ?1 AND refreshing_until <= ?2 AND status = 'ready'
         ORDER BY oauth2_until LIMIT ?3",
        [before.into(), now.into(), most.into()],
    )
}
