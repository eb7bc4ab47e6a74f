DROP INDEX readings_by_idea;
ALTER TABLE readings DROP COLUMN idea_id;
