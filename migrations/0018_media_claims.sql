-- Who is at an upload: a worker that was slow undoes nothing of a later one's. And how often it began anew.
ALTER TABLE media ADD COLUMN claim TEXT;
ALTER TABLE media ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
