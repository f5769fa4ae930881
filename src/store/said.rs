//! The table `said`: what was said, by the words in it.

use super::statement::Statement;
use crate::x_api::ids::UserId;

/// Where it is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Within<'a> {
    pub account: Option<&'a UserId>,
    pub customer: Option<&'a UserId>,
}

/// Messages with all of these words, the newest first, from behind `before` on. `words` is an expression of
/// [FTS5](https://www.sqlite.org/fts5.html#full_text_query_syntax); `short`, a JSON array, are words that no index has. The
/// text is cut around what was found.
pub fn find(words: &str, short: &str, within: Within<'_>, before: Option<&str>, most: i64) -> Statement {
    Statement::new(
        "SELECT s.account_id, s.customer_id, CAST(s.id AS TEXT) AS x_id, s.text, e.at, e.author, c.name, c.username,
           (SELECT username FROM accounts WHERE id = s.account_id) AS account_username
         FROM (SELECT rowid AS id, account_id, customer_id, snippet(said, 0, '', '', '…', 64) AS text FROM said
               WHERE said MATCH ?1 AND rowid < CAST(COALESCE(?4, '9223372036854775807') AS INTEGER)
                 AND (?2 IS NULL OR account_id = ?2) AND (?3 IS NULL OR customer_id = ?3)
                 AND NOT EXISTS (SELECT 1 FROM json_each(?6) w WHERE instr(lower(said.text), lower(w.value)) = 0)
               ORDER BY rowid DESC LIMIT ?5) s
           JOIN entries e ON e.account_id = s.account_id AND e.customer_id = s.customer_id AND e.x_id = CAST(s.id AS TEXT)
           LEFT JOIN conversations c ON c.account_id = s.account_id AND c.customer_id = s.customer_id
         ORDER BY s.id DESC",
        [words.into(), within.account.into(), within.customer.into(), before.into(), most.into(), short.into()],
    )
}

/// Customers whose name or username begins so.
pub fn customers(beginning: &str, account: Option<&UserId>, most: i64) -> Statement {
    Statement::new(
        "SELECT c.*, a.username AS account_username FROM (SELECT account_id, customer_id, name, username, updated_at FROM conversations
           WHERE username >= ?1 COLLATE NOCASE AND username < ?1 || char(1114111) COLLATE NOCASE AND (?2 IS NULL OR account_id = ?2)
         UNION
         SELECT account_id, customer_id, name, username, updated_at FROM conversations
           WHERE name >= ?1 COLLATE NOCASE AND name < ?1 || char(1114111) COLLATE NOCASE AND (?2 IS NULL OR account_id = ?2)
         ORDER BY updated_at DESC LIMIT ?3) c LEFT JOIN accounts a ON a.id = c.account_id ORDER BY c.updated_at DESC",
        [beginning.into(), account.into(), most.into()],
    )
}
