-- accounts: the users of X that we act for.
-- Life: written by connect, changed by what X says to our calls, deleted only by hand.
-- connect writes: username, name, tokens, environment, webhook_id, webhook_url, status (back to 'ready').
-- send writes: status, held_until, held_for, why, drain. settle and look_up write: looked_at.
CREATE TABLE accounts (
  id          TEXT PRIMARY KEY,              -- X's user id
  username    TEXT NOT NULL,
  name        TEXT NOT NULL,
  tokens      TEXT NOT NULL,                 -- access token and secret, sealed with TOKEN_KEY
  environment TEXT,                          -- label of the premium product; NULL: enterprise
  webhook_id  TEXT,
  webhook_url TEXT,
  status      TEXT NOT NULL DEFAULT 'ready', -- ready | signed_out (X refuses the tokens: connect again)
  held_until  INTEGER NOT NULL DEFAULT 0,    -- nothing is sent before (ms)
  held_for    INTEGER NOT NULL DEFAULT 0,    -- length of the last hold for X's silence (ms); the next one is twice as long
  why         TEXT,                          -- the fault behind status or held_until, as JSON
  drain       INTEGER NOT NULL DEFAULT 0,    -- generation of the one drain job that is under way
  looked_at   INTEGER NOT NULL DEFAULT 0,    -- when X was last asked for the latest messages (ms)
  answers_own INTEGER NOT NULL DEFAULT 0,    -- 1: answers other accounts of ours too
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) WITHOUT ROWID;
