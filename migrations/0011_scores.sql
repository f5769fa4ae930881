-- scores: the leaderboard skill's memory, one row for each team and hole of a board.
-- Life: inserted and changed by the batch of the turn that recorded or corrected the score.
CREATE TABLE scores (
  account_id TEXT NOT NULL,
  board      TEXT NOT NULL,
  team       INTEGER NOT NULL,
  hole       INTEGER NOT NULL,
  strokes    INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, board, team, hole)
) WITHOUT ROWID;
