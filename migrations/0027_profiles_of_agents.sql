-- Which of the script's profiles customers see where this agent writes; NULL: the account itself. An admin writes it.
ALTER TABLE agents ADD COLUMN profile TEXT;
