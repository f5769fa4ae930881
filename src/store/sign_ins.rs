//! The tables `sign_ins` and `invites_used`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::time::{Span, Timestamp};

/// Somebody who comes back from X's page.
#[derive(Clone, Debug, Deserialize)]
pub struct Back {
    pub sealed: String,
    pub invite: String,
}

pub fn set_out(
    request_token: &str,
    sealed: String,
    browser: &str,
    invite: &str,
    due_at: Timestamp,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        Statement::new("DELETE FROM sign_ins WHERE due_at < ?1", [now.into()]),
        Statement::new(
            "INSERT INTO sign_ins (request_token, sealed, browser, invite, due_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            [request_token.into(), sealed.into(), browser.into(), invite.into(), due_at.into()],
        ),
    ]
}

/// Once, in time, and only in the browser that set out.
pub fn come_back(request_token: &str, browser: &str, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM sign_ins WHERE request_token = ?1 AND browser = ?2 AND due_at > ?3 RETURNING sealed, invite",
        [request_token.into(), browser.into(), now.into()],
    )
}

pub fn is_used(invite: &str) -> Statement {
    Statement::new("SELECT invite FROM invites_used WHERE invite = ?1", [invite.into()])
}

/// A conflict where it was used already.
pub fn use_invite(invite: &str, due_at: Timestamp, now: Timestamp) -> Vec<Statement> {
    vec![
        // Whoever set out in time may come back later than that.
        Statement::new("DELETE FROM invites_used WHERE due_at < ?1", [(now - Span::hours(1)).into()]),
        Statement::new("INSERT INTO invites_used (invite, due_at) VALUES (?1, ?2)", [invite.into(), due_at.into()]),
    ]
}
