-- said: the words of all entries, to be searched. A row's number is X's id of the message; three letters anywhere in a word
-- find it, in any script.
-- Life: follows the entries by the triggers below, and is written by nothing else.
CREATE VIRTUAL TABLE said USING fts5(text, account_id UNINDEXED, customer_id UNINDEXED, tokenize = 'trigram');
-- What is deleted is gone from the index at once.
INSERT INTO said (said, rank) VALUES ('secure-delete', 1);

-- A message between two of our own accounts is an entry of both: it is found in the first.
CREATE TRIGGER said_with_entry AFTER INSERT ON entries
WHEN new.x_id GLOB '[1-9]*' AND json_extract(new.body, '$.text') <> '' AND NOT EXISTS (SELECT 1 FROM said WHERE rowid = CAST(new.x_id AS INTEGER))
BEGIN
  INSERT INTO said (rowid, text, account_id, customer_id)
    VALUES (CAST(new.x_id AS INTEGER), json_extract(new.body, '$.text'), new.account_id, new.customer_id);
END;

CREATE TRIGGER said_no_more AFTER DELETE ON entries
WHEN old.x_id GLOB '[1-9]*'
BEGIN
  DELETE FROM said WHERE rowid = CAST(old.x_id AS INTEGER) AND account_id = old.account_id AND customer_id = old.customer_id;
END;

INSERT INTO said (rowid, text, account_id, customer_id)
  SELECT CAST(x_id AS INTEGER), json_extract(body, '$.text'), account_id, customer_id FROM entries
  WHERE x_id GLOB '[1-9]*' AND json_extract(body, '$.text') <> '' GROUP BY x_id;

-- Customers are found by the beginning of their names.
CREATE INDEX conversations_by_username ON conversations (username COLLATE NOCASE);
CREATE INDEX conversations_by_name ON conversations (name COLLATE NOCASE);
