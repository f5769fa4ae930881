-- scripts: every version of a bot script that an account followed. The version in accounts.script_version is live; NULL
-- means the script that every deployment brings.
-- Life: inserted by apply, never changed or deleted, so that a rollback is one number.
CREATE TABLE scripts (
  account_id TEXT NOT NULL,
  version    INTEGER NOT NULL,               -- 1, 2, 3 … within the account
  name       TEXT NOT NULL,
  body       TEXT NOT NULL,                  -- bot::Script as JSON
  at         INTEGER NOT NULL,
  PRIMARY KEY (account_id, version)
) WITHOUT ROWID;

-- apply and rollback write both.
ALTER TABLE accounts ADD COLUMN script_version INTEGER;
ALTER TABLE accounts ADD COLUMN acts TEXT NOT NULL DEFAULT ''; -- public acts that the live script takes up: ' mention follow '
