-- turns: one row for each time a conversation was stepped. The primary key is the lock: two workers cannot both
-- write the next number. The cause is unique: one event is answered once.
-- Life: inserted by the batch of a turn, never changed.
CREATE TABLE turns (
  account_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  number      INTEGER NOT NULL,              -- 1, 2, 3 … within the conversation
  cause       TEXT NOT NULL UNIQUE,          -- event:<inbox key> | echo:<inbox key>
  by          TEXT NOT NULL,                 -- bot | human
  node        TEXT,                          -- where the script stands after it
  at          INTEGER NOT NULL,
  PRIMARY KEY (account_id, customer_id, number)
) WITHOUT ROWID;
