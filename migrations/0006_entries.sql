-- entries: what was said in a conversation, both ways.
-- Life: inserted when an event is handled, a message is sent, or a foreign echo is found; never changed.
CREATE TABLE entries (
  account_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  x_id        TEXT NOT NULL,                 -- X's id of the message
  at          INTEGER NOT NULL,              -- X's time where known (ms)
  author      TEXT NOT NULL,                 -- customer | bot | human
  body        TEXT NOT NULL,                 -- bot::Message as JSON; received: photo | animated_gif | video, where a file came with it
  PRIMARY KEY (account_id, customer_id, x_id)
) WITHOUT ROWID;
