-- handoffs: conversations that people have, or are asked to take. One that is open is 'waiting' or 'held'.
-- Life: inserted by the turn that hands over, changed by agents, by what is said, and by its timer; ended by the turn
-- with which the bot has the conversation back.
CREATE TABLE handoffs (
  id            TEXT PRIMARY KEY,               -- <cause of the turn that handed over>
  account_id    TEXT NOT NULL,
  customer_id   TEXT NOT NULL,
  status        TEXT NOT NULL,                  -- waiting | held | ended
  place         TEXT NOT NULL,                  -- agents: in the inbox | app: in X's own app
  started_by    TEXT NOT NULL,                  -- script | mode | agent | app
  settings      TEXT NOT NULL,                  -- the account's, as they were when it began, as JSON
  team          TEXT,                           -- NULL: everybody
  note          TEXT,                           -- what the people are told about it
  agent_id      TEXT,                           -- who holds it (held), or is asked (waiting)
  asked         TEXT NOT NULL DEFAULT ' ',      -- who was asked in vain, each between spaces
  generation    INTEGER NOT NULL DEFAULT 0,     -- counted up by each change: a timer of a former one does nothing
  due_at        INTEGER,                        -- its next timer (ms)
  request_until INTEGER,                        -- nobody came by then (ms); NULL: it waits for ever
  hold_until    INTEGER NOT NULL,               -- the bot has it back then, whatever happens (ms)
  waiting_since INTEGER,                        -- the customer's first word that nobody has answered yet (ms)
  started_at    INTEGER NOT NULL,
  joined_at     INTEGER,
  ended_at      INTEGER,
  why_ended     TEXT                            -- ended | timed_out | nobody | released | over
) WITHOUT ROWID;
CREATE INDEX handoffs_of_conversation ON handoffs (account_id, customer_id, started_at);
CREATE UNIQUE INDEX handoffs_open ON handoffs (account_id, customer_id) WHERE status <> 'ended';
CREATE INDEX handoffs_due ON handoffs (due_at) WHERE status <> 'ended' AND due_at IS NOT NULL;
CREATE INDEX handoffs_of_agent ON handoffs (agent_id, status) WHERE status <> 'ended';
CREATE INDEX handoffs_waiting ON handoffs (started_at) WHERE status = 'waiting';

-- How an account hands over: JSON; NULL: as described in the README. An admin writes it.
ALTER TABLE accounts ADD COLUMN handoff TEXT;

-- The last entry that an agent has seen; reading the conversation writes it.
ALTER TABLE conversations ADD COLUMN read_to TEXT;
-- What the customer was seen to do: read up to a message of ours, write at this moment. X's events write them.
ALTER TABLE conversations ADD COLUMN seen_to TEXT;
ALTER TABLE conversations ADD COLUMN typing_at INTEGER NOT NULL DEFAULT 0; -- (ms)
-- What changed last stands first in the inbox.
CREATE INDEX conversations_by_change ON conversations (updated_at);

-- notes: what agents tell each other about a conversation. Life: inserted by an agent, never changed.
CREATE TABLE notes (
  account_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  at          INTEGER NOT NULL,
  id          TEXT NOT NULL,
  agent_id    TEXT,                             -- NULL: an admin's program
  text        TEXT NOT NULL,
  PRIMARY KEY (account_id, customer_id, at, id)
) WITHOUT ROWID;

-- Messages that failed are shown in their conversation.
CREATE INDEX outbox_failed ON outbox (account_id, customer_id) WHERE status = 'failed';
