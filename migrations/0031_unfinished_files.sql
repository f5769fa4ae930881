-- media_unfinished: files of which parts are here, and not the whole: uploads that are under way, and what is left of a file
-- that was deleted. From here on media_files.at is when a file was last asked for or found to be needed.
-- Life: inserted with each part and, by the trigger, with the end of a file; deleted when the file is complete, or a day
-- later with its parts.
CREATE TABLE media_unfinished (
  sha256 TEXT PRIMARY KEY,
  at     INTEGER NOT NULL                    -- its last part came (ms); 0: its file was deleted
) WITHOUT ROWID;
CREATE INDEX media_unfinished_by_time ON media_unfinished (at);
CREATE INDEX media_files_by_time ON media_files (at);

CREATE TRIGGER media_is_complete AFTER INSERT ON media_files
BEGIN
  DELETE FROM media_unfinished WHERE sha256 = new.sha256;
END;

CREATE TRIGGER media_is_gone AFTER DELETE ON media_files
BEGIN
  INSERT INTO media_unfinished (sha256, at) VALUES (old.sha256, 0) ON CONFLICT DO NOTHING;
END;

INSERT INTO media_unfinished (sha256, at)
  SELECT DISTINCT sha256, unixepoch() * 1000 FROM media_parts WHERE sha256 NOT IN (SELECT sha256 FROM media_files);
