-- published: what apply made on X for an account, by the name it has in the script.
-- Life: inserted by apply once X has it, changed when it is made anew, deleted when X has it no longer.
CREATE TABLE published (
  account_id  TEXT NOT NULL,
  kind        TEXT NOT NULL,                 -- welcome | rule | profile
  name        TEXT NOT NULL,                 -- of a rule: 'default'
  x_id        TEXT NOT NULL,
  fingerprint TEXT NOT NULL,                 -- hash of what it was made from: another one means it has to change
  at          INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind, name)
) WITHOUT ROWID;

CREATE INDEX published_by_x_id ON published (account_id, x_id);
