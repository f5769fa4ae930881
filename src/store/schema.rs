//! Whether the tables are those that this version knows: each with its newest columns, and no row read.

use super::statement::Statement;

const NEWEST: &[&str] = &[
    "SELECT hears, oauth2_since, spent_until FROM accounts LIMIT 0",
    "SELECT speaks FROM budgets LIMIT 0",
    "SELECT mills FROM costs LIMIT 0",
    "SELECT not_before FROM inbox LIMIT 0",
    "SELECT media FROM outbox LIMIT 0",
    "SELECT claim, source FROM media LIMIT 0",
    "SELECT part FROM media_parts LIMIT 0",
    "SELECT at FROM media_unfinished LIMIT 0",
    "SELECT sealed FROM bearer LIMIT 0",
    "SELECT browser FROM sign_ins LIMIT 0",
    "SELECT invite FROM invites_used LIMIT 0",
    "SELECT about FROM audit LIMIT 0",
    "SELECT well_at FROM health LIMIT 0",
    "SELECT part_to FROM replays LIMIT 0",
    "SELECT cursor FROM look_ups LIMIT 0",
    "SELECT fingerprint FROM published LIMIT 0",
    "SELECT due_at FROM timers LIMIT 0",
];

/// Refused where a migration is missing.
pub fn newest() -> Vec<Statement> {
    NEWEST.iter().map(|sql| Statement::new(sql, [])).collect()
}
