//! Whether the tables are those that this version knows: each with its newest column, and no row read.

use super::statement::Statement;

/// Several tables in one statement: D1 allows a call only so many statements.
const NEWEST: &[&str] = &[
    "SELECT accounts.retention_days, bearer.at, sign_ins.due_at, invites_used.due_at, budgets.resets_at, costs.mills
     FROM accounts, bearer, sign_ins, invites_used, budgets, costs LIMIT 0",
    "SELECT inbox.settled_at, spill.attempts, dead_letters.at, turns.at, outbox.media, timers.claim
     FROM inbox, spill, dead_letters, turns, outbox, timers LIMIT 0",
    "SELECT conversations.shown_to, entries.body, said.customer_id, handoffs.why_ended, notes.text
     FROM conversations, entries, said, handoffs, notes LIMIT 0",
    "SELECT agents.profile, sessions.until, guesses.at, canned_answers.changed_at, audit.status
     FROM agents, sessions, guesses, canned_answers, audit LIMIT 0",
    "SELECT scripts.media, scores.changed_at, published.at, media.restarts, media_files.at, media_parts.data, media_unfinished.at
     FROM scripts, scores, published, media, media_files, media_parts, media_unfinished LIMIT 0",
    "SELECT health.why, replays.created_at, look_ups.attempts FROM health, replays, look_ups LIMIT 0",
];

/// Refused where a migration is missing.
pub fn newest() -> Vec<Statement> {
    NEWEST.iter().map(|sql| Statement::new(sql, [])).collect()
}
