-- costs: what X bills for an account, counted by the day at X's list prices.
-- Life: one row a day (UTC), account and thing; made by the first of its kind, counted up in the batch that writes the
-- thing itself down; deleted by the sweep after 400 days.
CREATE TABLE costs (
  day        INTEGER NOT NULL,               -- midnight UTC (ms)
  account_id TEXT NOT NULL,
  what       TEXT NOT NULL,                  -- dm.received, dm.sent …: see x_api/prices.rs
  count      INTEGER NOT NULL,
  mills      INTEGER NOT NULL,               -- thousandths of a US dollar
  PRIMARY KEY (day, account_id, what)
) WITHOUT ROWID;
CREATE INDEX costs_of_account ON costs (account_id);
