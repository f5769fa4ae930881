-- budgets: how much an account may still send in a window of X's.
-- Life: one row an account and window, inserted by connect, counted up by the claim that it belongs to.
CREATE TABLE budgets (
  account_id TEXT NOT NULL,
  window     INTEGER NOT NULL,               -- its length (ms)
  cap        INTEGER NOT NULL,
  used       INTEGER NOT NULL DEFAULT 0,
  resets_at  INTEGER NOT NULL DEFAULT 0,     -- used counts from nothing again after that (ms)
  PRIMARY KEY (account_id, window)
) WITHOUT ROWID;
