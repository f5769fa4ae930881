-- timers: what a conversation waits for, with the time at which it stops waiting. So far: calls of its script.
-- Life: inserted by the batch of the turn that waits, claimed by the worker that makes the call, deleted by the batch of
-- the turn that brings its result, or its failure once due_at is past.
CREATE TABLE timers (
  id          TEXT PRIMARY KEY,              -- call:<cause of the turn that waits>
  account_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  token       TEXT NOT NULL,                 -- what the engine knows the result by
  body        TEXT NOT NULL,                 -- bot::effect::WebCall as JSON; secrets are marks in it
  due_at      INTEGER NOT NULL,              -- then the call counts as failed (ms)
  claim       TEXT                           -- the worker that makes the call; it is made once
) WITHOUT ROWID;

CREATE INDEX timers_of_conversation ON timers (account_id, customer_id);
CREATE INDEX timers_due ON timers (due_at);
