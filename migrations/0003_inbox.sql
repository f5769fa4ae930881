-- inbox: every item that X delivered, once. The primary key is the dedupe.
-- Life: inserted by handle_delivery; settled by converse; settled rows are pruned after 35 days, the others never.
-- handle_delivery writes all but: attempts, attempt_until, not_before, due_at, status, outcome, settled_at (converse).
CREATE TABLE inbox (
  key           TEXT PRIMARY KEY,             -- account:kind:id
  account_id    TEXT NOT NULL,
  customer_id   TEXT,                         -- NULL: of no conversation
  kind          TEXT NOT NULL,
  event_id      TEXT NOT NULL,
  created_at    INTEGER NOT NULL,             -- X's time (ms)
  received_at   INTEGER NOT NULL,             -- ours (ms)
  raw           TEXT NOT NULL,                -- {"item": as X wrote it, "users": those it names}
  status        TEXT NOT NULL,                -- new | handled | recorded | set_aside | dead
  outcome       TEXT,                         -- what came of it, in words
  attempts      INTEGER NOT NULL DEFAULT 0,   -- written before each attempt; more than five: dead
  attempt_until INTEGER NOT NULL DEFAULT 0,   -- somebody is at it until then (ms)
  not_before    INTEGER NOT NULL DEFAULT 0,   -- an echo that cannot be judged yet waits until then (ms)
  due_at        INTEGER,                      -- when the sweep takes it (ms); NULL: not before its account connects
  settled_at    INTEGER                       -- when it stopped being new (ms)
) WITHOUT ROWID;

CREATE INDEX inbox_of_conversation ON inbox (account_id, customer_id, created_at) WHERE status = 'new';
CREATE INDEX inbox_due ON inbox (due_at) WHERE status = 'new' AND due_at IS NOT NULL;
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX inbox_dead ON inbox (received_at) WHERE status IN ('dead', 'set_aside');
