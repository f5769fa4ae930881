-- spill: deliveries that the queue refused, or that are too large for it.
-- Life: inserted by ingress, deleted once every item stands in the inbox; the cron queues what is past due_at.
CREATE TABLE spill (
  id          TEXT PRIMARY KEY,
  body        TEXT NOT NULL,                 -- the verified body, as text
  received_at INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0     -- times the cron has queued it; the pauses grow with it
) WITHOUT ROWID;

CREATE INDEX spill_due ON spill (due_at);
