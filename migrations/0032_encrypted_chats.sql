-- What was written in X Chat is recorded, and goes after 35 days like all that is settled. It is counted apart from events
-- that nobody could handle.
UPDATE inbox SET status = 'recorded' WHERE status = 'set_aside' AND kind = 'chat.received';
CREATE INDEX inbox_encrypted ON inbox (received_at) WHERE kind = 'chat.received';
