ALTER TABLE evaluation_links DROP COLUMN person_id;
ALTER TABLE evaluation_links DROP COLUMN id;
