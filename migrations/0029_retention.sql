-- For how many days what was said is kept; NULL: as RETENTION_DAYS says; 0: for ever. An admin writes it.
ALTER TABLE accounts ADD COLUMN retention_days INTEGER;

-- What is older is found without reading what is not.
CREATE INDEX entries_by_time ON entries (account_id, at);
CREATE INDEX outbox_by_time ON outbox (account_id, created_at);
