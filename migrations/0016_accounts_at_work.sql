-- What an account is at: connect writes product, access and connected_at; a person switches it on and off.
ALTER TABLE accounts ADD COLUMN product TEXT;                           -- aaa | enterprise | premium
ALTER TABLE accounts ADD COLUMN is_on INTEGER NOT NULL DEFAULT 1;       -- 0: messages are recorded, nothing is sent
ALTER TABLE accounts ADD COLUMN access TEXT;                            -- what X says that its tokens may do
ALTER TABLE accounts ADD COLUMN connected_at INTEGER NOT NULL DEFAULT 0; -- a revocation from before does not count (ms)

-- bearer: the app's own token, kept so that X is not asked for it again and again.
-- Life: inserted by the first call that needs it, replaced when X no longer takes it.
CREATE TABLE bearer (
  consumer_key TEXT PRIMARY KEY,
  sealed       TEXT NOT NULL,                -- sealed with TOKEN_KEY
  at           INTEGER NOT NULL
) WITHOUT ROWID;

-- sign_ins: people who are on X's page at this moment, to let the app act for them.
-- Life: inserted when somebody sets out, deleted by the callback; old ones by the next who sets out.
CREATE TABLE sign_ins (
  request_token TEXT PRIMARY KEY,
  sealed        TEXT NOT NULL,               -- its secret, sealed with TOKEN_KEY
  browser       TEXT NOT NULL,               -- hash of the cookie: only the browser that set out may come back
  invite        TEXT NOT NULL,
  due_at        INTEGER NOT NULL             -- too late after that (ms)
) WITHOUT ROWID;

-- invites_used: each invite connects one account. Life: inserted by the callback, deleted when the invite would be over.
CREATE TABLE invites_used (
  invite TEXT PRIMARY KEY,
  due_at INTEGER NOT NULL
) WITHOUT ROWID;

-- audit: every change that a person or a program made through the admin API. Life: inserted with the change, never changed.
CREATE TABLE audit (
  id     TEXT PRIMARY KEY,
  at     INTEGER NOT NULL,
  who    TEXT NOT NULL,                      -- admin
  what   TEXT NOT NULL,                      -- the route
  about  TEXT NOT NULL,                      -- the account or thing that was named, as JSON; never a secret
  status INTEGER NOT NULL                    -- what was answered
) WITHOUT ROWID;

CREATE INDEX audit_by_time ON audit (at);
