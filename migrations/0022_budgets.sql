-- budgets: how much was sent in each of X's windows, and what X said it allows.
-- Life: one row an account (or 'app', for all of them together), dialect and window; made by the first claim in it,
-- counted up by the claims, corrected by X's answers. What X documents stands in the program, not here.
-- As before, but for the dialect, and for a cap that is X's own word.
CREATE TABLE budgets_by_dialect (
  account_id TEXT NOT NULL,                    -- or 'app'
  speaks     TEXT NOT NULL DEFAULT 'rich',
  window     INTEGER NOT NULL,                 -- its length (ms)
  cap        INTEGER,                          -- as X's last answer said it; NULL: it did not say
  used       INTEGER NOT NULL DEFAULT 0,
  resets_at  INTEGER NOT NULL DEFAULT 0,       -- used counts from nothing again after that (ms)
  PRIMARY KEY (account_id, speaks, window)
) WITHOUT ROWID;
INSERT INTO budgets_by_dialect (account_id, window, used, resets_at) SELECT account_id, window, used, resets_at FROM budgets;
DROP TABLE budgets;
ALTER TABLE budgets_by_dialect RENAME TO budgets;

-- The line in which an account's messages wait: agents before the bot, then the oldest first.
CREATE INDEX outbox_line ON outbox (account_id, (holder = 'bot'), created_at, id) WHERE status IN ('owed', 'sending');

-- Until when the account's budget was spent last: what was owed by then has waited for it.
ALTER TABLE accounts ADD COLUMN spent_until INTEGER NOT NULL DEFAULT 0;  -- (ms)
