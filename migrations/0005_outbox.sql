-- outbox: every message that we owe, and what became of it.
-- Life: inserted by the batch of a turn as 'owed'; claimed ('sending') before the call to X; settled by its answer, by
-- our own echo, or by a look at the account's latest messages.
-- The turn writes id to created_at; claim writes claim, intent_at, lease_until, attempts; settling writes the rest.
CREATE TABLE outbox (
  id          TEXT PRIMARY KEY,              -- <cause>/<place>
  account_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  turn        INTEGER NOT NULL,
  place       INTEGER NOT NULL,              -- 0, 1 … within the turn
  kind        TEXT NOT NULL,                 -- dm
  holder      TEXT NOT NULL,                 -- who spoke: dropped when somebody else holds the conversation
  body        TEXT NOT NULL,                 -- bot::Message as JSON
  send_by     INTEGER NOT NULL,              -- failed, too late, after that (ms)
  created_at  INTEGER NOT NULL,
  status      TEXT NOT NULL DEFAULT 'owed',  -- owed | sending | sent | failed | dropped | doubtful
  due_at      INTEGER NOT NULL,              -- not to be sent (owed) or looked for (sending) before (ms)
  claim       TEXT,                          -- the worker that sends it
  intent_at   INTEGER,                       -- when it was claimed (ms)
  lease_until INTEGER,                       -- until when that worker may still be at it (ms)
  attempts    INTEGER NOT NULL DEFAULT 0,
  looks       INTEGER NOT NULL DEFAULT 0,    -- times it was looked for on X in vain
  x_id        TEXT,                          -- X's id, once known
  sent_at     INTEGER,
  why         TEXT                           -- the fault or reason, as JSON
) WITHOUT ROWID;

CREATE INDEX outbox_of_conversation ON outbox (account_id, customer_id, turn, place) WHERE status IN ('owed', 'sending');
CREATE INDEX outbox_due ON outbox (due_at) WHERE status IN ('owed', 'sending');
CREATE INDEX outbox_by_x_id ON outbox (account_id, x_id) WHERE x_id IS NOT NULL;
CREATE INDEX outbox_doubtful ON outbox (account_id, customer_id) WHERE status = 'doubtful';
CREATE INDEX outbox_in_trouble ON outbox (created_at) WHERE status IN ('failed', 'doubtful');
