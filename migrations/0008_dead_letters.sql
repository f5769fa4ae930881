-- dead_letters: queue messages that nobody could handle, with the reason.
-- Life: inserted by the consumers, deleted when an admin has one tried again.
CREATE TABLE dead_letters (
  id    TEXT PRIMARY KEY,                    -- the queue's message id
  queue TEXT NOT NULL,
  body  TEXT NOT NULL,
  why   TEXT NOT NULL,
  at    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX dead_letters_by_time ON dead_letters (at);
