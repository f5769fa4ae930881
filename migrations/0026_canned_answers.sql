-- canned_answers: texts that agents insert by name.
-- Life: made, changed and deleted by agents.
CREATE TABLE canned_answers (
  name       TEXT PRIMARY KEY COLLATE NOCASE,
  text       TEXT NOT NULL,
  changed_by TEXT,                              -- the agent; NULL: an admin's program
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;
