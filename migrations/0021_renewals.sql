-- When the tokens of OAuth 2.0 were given; and those that end next are found without a look at every account.
ALTER TABLE accounts ADD COLUMN oauth2_since INTEGER NOT NULL DEFAULT 0;  -- connect and the refresh write it (ms)
CREATE INDEX accounts_by_end_of_token ON accounts (oauth2_until) WHERE oauth2 IS NOT NULL;
