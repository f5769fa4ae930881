//! The table `inbox` as operators look at it: what X delivered, newest first, and how the handling of it goes.

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// What was settled last, from behind this one on; of one account, kind or status where one is named.
pub fn settled(
    account: Option<&UserId>,
    kind: Option<&str>,
    status: Option<&str>,
    (before, key): (Timestamp, &str),
    most: i64,
) -> Statement {
    Statement::new(
        "SELECT key, account_id, customer_id, kind, event_id, created_at, received_at, status, outcome, attempts, settled_at FROM inbox
         WHERE settled_at IS NOT NULL AND settled_at <= ?4 AND (settled_at < ?4 OR key < ?6) AND (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR status = ?3)
         ORDER BY settled_at DESC, key DESC LIMIT ?5",
        [account.into(), kind.into(), status.into(), before.into(), most.into(), key.into()],
    )
}

/// What waits to be handled, the oldest first.
pub fn waiting(most: i64) -> Statement {
    Statement::new(
        "SELECT key, account_id, customer_id, kind, event_id, created_at, received_at, status, outcome, attempts, settled_at FROM inbox
         WHERE status = 'new' AND due_at IS NOT NULL ORDER BY due_at LIMIT ?1",
        [most.into()],
    )
}

/// One as X wrote it.
pub fn whole(key: &str) -> Statement {
    Statement::new(
        "SELECT key, account_id, customer_id, kind, event_id, created_at, received_at, status, outcome, attempts, settled_at, raw FROM inbox WHERE key = ?1",
        [key.into()],
    )
}

/// How long the latest answers took, from X's delivery to X's word that it has the message (ms).
pub fn answer_times(most: i64) -> Statement {
    Statement::new(
        "SELECT o.sent_at - i.received_at AS ms FROM (SELECT key, received_at FROM inbox WHERE settled_at IS NOT NULL AND kind = 'dm.message' AND outcome = 'answered'
           ORDER BY settled_at DESC LIMIT ?1) i JOIN outbox o ON o.id = 'event:' || i.key || '/0' WHERE o.status = 'sent' AND o.sent_at IS NOT NULL",
        [most.into()],
    )
}

/// What is on its way: each a number, counted up to 10,000, or the oldest moment among those that were counted.
pub fn under_way() -> Statement {
    Statement::new(
        "SELECT new_events, oldest_event, owed, oldest_owed, spilled, oldest_spilled,
           (SELECT COUNT(*) FROM (SELECT 1 FROM dead_letters LIMIT 10000)) AS dead_letters,
           (SELECT COUNT(*) FROM (SELECT 1 FROM handoffs WHERE status = 'waiting' LIMIT 10000)) AS waiting,
           (SELECT MIN(started_at) FROM handoffs WHERE status = 'waiting') AS oldest_waiting,
           (SELECT COUNT(*) FROM (SELECT 1 FROM handoffs WHERE status = 'held' AND status <> 'ended' LIMIT 10000)) AS held
         FROM (SELECT COUNT(*) AS new_events, MIN(received_at) AS oldest_event
             FROM (SELECT received_at FROM inbox WHERE status = 'new' AND due_at IS NOT NULL LIMIT 10000)),
           (SELECT COUNT(*) AS owed, MIN(created_at) AS oldest_owed
             FROM (SELECT created_at FROM outbox WHERE status IN ('owed', 'sending') LIMIT 10000)),
           (SELECT COUNT(*) AS spilled, MIN(received_at) AS oldest_spilled FROM (SELECT received_at FROM spill LIMIT 10000))",
        [],
    )
}

/// Why messages failed since then, by X's code (v1.1), its name of the refusal (v2) or its HTTP status; all `NULL`: X did not refuse it.
pub fn errors(since: Timestamp) -> Statement {
    Statement::new(
        "SELECT json_extract(why, '$.code') AS code, json_extract(why, '$.name') AS name, json_extract(why, '$.status') AS status,
           MAX(json_extract(why, '$.said')) AS said, COUNT(*) AS count, MAX(created_at) AS last_at FROM outbox
         WHERE status IN ('failed', 'doubtful') AND created_at >= ?1 AND kind IN ('dm', 'post') GROUP BY 1, 2, 3 ORDER BY 5 DESC LIMIT 20",
        [since.into()],
    )
}

/// How many messages failed on each day since then (from its first moment on, UTC), by the same reasons.
pub fn errors_by_day(since: Timestamp) -> Statement {
    Statement::new(
        "SELECT created_at / 86400000 * 86400000 AS day, COALESCE(json_extract(why, '$.code'), json_extract(why, '$.name'), json_extract(why, '$.status')) AS reason,
           COUNT(*) AS count FROM outbox
         WHERE status IN ('failed', 'doubtful') AND created_at >= ?1 AND kind IN ('dm', 'post') GROUP BY 1, 2 ORDER BY 1 LIMIT 1000",
        [since.into()],
    )
}
