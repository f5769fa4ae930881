-- agents: the people who answer.
-- Life: made, changed and deleted by an admin; the log-in writes failures, failed_at and locked_until; the agent writes
-- presence; the live view writes seen_at; a handoff that is offered writes free_since.
CREATE TABLE agents (
  id           TEXT PRIMARY KEY,
  login        TEXT NOT NULL UNIQUE COLLATE NOCASE, -- a name, or a mail address where Cloudflare Access tells it
  name         TEXT NOT NULL,                   -- as customers read it
  password     TEXT,                            -- pbkdf2-sha256$rounds$salt$hash; NULL: cannot log in with one
  role         TEXT NOT NULL DEFAULT 'agent',   -- agent | admin
  teams        TEXT NOT NULL DEFAULT '',        -- each between spaces: ' sales returns '
  at_once      INTEGER NOT NULL DEFAULT 5,      -- conversations that are offered to them at a time
  presence     TEXT NOT NULL DEFAULT 'away',    -- available | away
  free_since   INTEGER NOT NULL DEFAULT 0,      -- the longest free is asked first (ms)
  seen_at      INTEGER NOT NULL DEFAULT 0,      -- their inbox was open then (ms)
  failures     INTEGER NOT NULL DEFAULT 0,      -- log-ins in a row that failed
  locked_until INTEGER NOT NULL DEFAULT 0,      -- no log-in before (ms)
  created_at   INTEGER NOT NULL
) WITHOUT ROWID;

-- sessions: who is logged in where.
-- Life: inserted by a log-in, deleted by a log-out, a new password, or an admin; those that are over by the sweep.
CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,                  -- hash of the cookie
  agent_id   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  until      INTEGER NOT NULL                   -- over after that (ms)
) WITHOUT ROWID;
CREATE INDEX sessions_of_agent ON sessions (agent_id);
CREATE INDEX sessions_over ON sessions (until);
