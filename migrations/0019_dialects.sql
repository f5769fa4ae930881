-- How an account speaks, and its tokens of OAuth 2.0. connect and the probe write speaks and probed_at, a person writes
-- speaks_by; connect and the refresh write the rest.
ALTER TABLE accounts ADD COLUMN speaks TEXT NOT NULL DEFAULT 'rich';          -- rich (v1.1) | plain (v2: a text and one file)
ALTER TABLE accounts ADD COLUMN speaks_by TEXT NOT NULL DEFAULT 'probe';      -- probe: found out, and again when X refuses | hand
ALTER TABLE accounts ADD COLUMN probed_at INTEGER NOT NULL DEFAULT 0;         -- when X was last asked which one it takes (ms)
ALTER TABLE accounts ADD COLUMN oauth2 TEXT;                                  -- tokens of OAuth 2.0, sealed with TOKEN_KEY
ALTER TABLE accounts ADD COLUMN oauth2_until INTEGER NOT NULL DEFAULT 0;      -- the access token among them is good until then (ms)
ALTER TABLE accounts ADD COLUMN refreshing TEXT;                              -- the one worker that renews them …
ALTER TABLE accounts ADD COLUMN refreshing_until INTEGER NOT NULL DEFAULT 0;  -- … and until when it may be at it (ms)
