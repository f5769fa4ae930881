-- A file that stands at an address instead of a bot's folder: its row in media is 'url:' and the hash of the address,
-- and it is fetched anew for each upload. The turn's message brings the address.
ALTER TABLE media ADD COLUMN source TEXT;
