-- Whether an account is to hear what is written to it: a person ends its subscription and makes it again.
ALTER TABLE accounts ADD COLUMN hears INTEGER NOT NULL DEFAULT 1;  -- 0: its subscription was ended by hand
