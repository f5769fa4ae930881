-- guesses: log-ins that were tried under a name, whether anybody has it or not. They stand in place of failures and
-- locked_until of agents, which nothing reads any more.
-- Life: counted before a password is looked at; deleted by one that fits and by a new one; those of yesterday by the sweep.
CREATE TABLE guesses (
  login        TEXT PRIMARY KEY,                -- hash of the name
  failures     INTEGER NOT NULL,                -- in a row
  locked_until INTEGER NOT NULL,                -- no log-in before (ms)
  at           INTEGER NOT NULL                 -- of the last (ms)
) WITHOUT ROWID;
CREATE INDEX guesses_old ON guesses (at);
