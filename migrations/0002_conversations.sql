-- conversations: account + customer, with what the bot remembers of it.
-- Life: made by the first turn, changed by each turn.
-- The batch of a turn writes everything but paused_until, which the loop guard writes.
CREATE TABLE conversations (
  account_id   TEXT NOT NULL,
  customer_id  TEXT NOT NULL,
  name         TEXT,                          -- the customer's, as the last event told it
  username     TEXT,
  state        TEXT NOT NULL,                 -- bot::State as JSON
  holder       TEXT NOT NULL DEFAULT 'bot',   -- bot | human: who may speak
  holder_until INTEGER NOT NULL DEFAULT 0,    -- a human holds it until then (ms), then the bot has it back
  turns        INTEGER NOT NULL DEFAULT 0,    -- number of the last turn
  paused_until INTEGER NOT NULL DEFAULT 0,    -- the bot answers nothing before (ms)
  updated_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, customer_id)
) WITHOUT ROWID;

CREATE INDEX conversations_paused ON conversations (paused_until) WHERE paused_until > 0;
