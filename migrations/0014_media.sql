-- media_files: the files of bots, by the hash of what is in them; media_parts: their bytes, in parts of 1 MiB at most.
-- Life: inserted by perch apply, part by part; the file's row comes with its last part. Never changed.
CREATE TABLE media_files (
  sha256       TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  parts        INTEGER NOT NULL,
  at           INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE media_parts (
  sha256 TEXT NOT NULL,
  part   INTEGER NOT NULL,                   -- 0, 1, 2 …
  data   TEXT NOT NULL,                      -- base64
  PRIMARY KEY (sha256, part)
);

-- media: a file on X, for one account. X forgets it after a day, then it is brought there anew.
-- Life: inserted as 'wanted' when a message waits for it; the upload job writes everything else.
CREATE TABLE media (
  account_id  TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  status      TEXT NOT NULL,                 -- wanted | uploading | processing | ready | failed
  x_id        TEXT,
  next_part   INTEGER NOT NULL DEFAULT 0,
  expires_at  INTEGER NOT NULL DEFAULT 0,    -- X may have forgotten it after that (ms)
  due_at      INTEGER NOT NULL,              -- when the sweep takes it (ms)
  lease_until INTEGER NOT NULL DEFAULT 0,    -- somebody is at it until then (ms)
  attempts    INTEGER NOT NULL DEFAULT 0,    -- refusals and silences of X in a row
  why         TEXT,
  PRIMARY KEY (account_id, sha256)
) WITHOUT ROWID;

CREATE INDEX media_due ON media (due_at) WHERE status IN ('wanted', 'uploading', 'processing');

-- The turn writes it: the file that a message waits for.
ALTER TABLE outbox ADD COLUMN media TEXT;
CREATE INDEX outbox_of_media ON outbox (account_id, media) WHERE media IS NOT NULL;

-- apply writes it: the hash of each file that the script names, as a JSON object.
ALTER TABLE scripts ADD COLUMN media TEXT NOT NULL DEFAULT '{}';
