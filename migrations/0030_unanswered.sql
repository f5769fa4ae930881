-- Conversations that an agent has, and whose customer waits for a word: whoever waits too long is shown to everybody.
CREATE INDEX handoffs_unanswered ON handoffs (waiting_since) WHERE status = 'held' AND waiting_since IS NOT NULL;

-- The customer's last message that was shown to them as read by whoever has the conversation. Reading it writes it.
ALTER TABLE conversations ADD COLUMN shown_to TEXT;
