-- health: what is watched, and since when it is well or ill.
-- Life: inserted at its first check, changed by each check; the cron's.
CREATE TABLE health (
  what       TEXT PRIMARY KEY,               -- watch | crc | alert | registry | webhook:<id> | subscription:<account>
  status     TEXT NOT NULL,                  -- well | ill
  since      INTEGER NOT NULL,               -- when it became so (ms)
  checked_at INTEGER NOT NULL,
  well_at    INTEGER NOT NULL DEFAULT 0,     -- when it was last seen well (ms)
  due_at     INTEGER NOT NULL DEFAULT 0,     -- not to be mended, or not to run, before (ms)
  tries      INTEGER NOT NULL DEFAULT 0,     -- times it was mended in vain since it became ill
  why        TEXT                            -- cause and what_to_do, as JSON; of alert: what was told
) WITHOUT ROWID;

-- replays: minutes that X is asked to deliver again, or that are looked up in the account's messages.
-- Life: inserted by watch or by hand; the replay job changes them; 'done' ones stay as a record.
CREATE TABLE replays (
  id         TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL,
  from_at    INTEGER NOT NULL,               -- the first minute that is still missing (ms)
  to_at      INTEGER NOT NULL,
  part_to    INTEGER,                        -- the end of what X is at now (ms)
  status     TEXT NOT NULL,                  -- waiting | running | done
  job_id     TEXT,                           -- X's name for the part that it is at
  attempts   INTEGER NOT NULL DEFAULT 0,
  due_at     INTEGER NOT NULL,
  why        TEXT,                           -- what happened last, in words
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX replays_due ON replays (due_at) WHERE status IN ('waiting', 'running');
CREATE INDEX replays_of_job ON replays (job_id) WHERE job_id IS NOT NULL;

-- look_ups: an account's own list of messages, read back to a moment, a page at a time: what no replay brings.
-- Life: inserted when a replay has come to its end, deleted when its moment is reached.
CREATE TABLE look_ups (
  account_id TEXT NOT NULL,
  from_at    INTEGER NOT NULL,
  cursor     TEXT,
  due_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, from_at)
) WITHOUT ROWID;

CREATE INDEX look_ups_due ON look_ups (due_at);
