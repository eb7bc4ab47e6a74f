-- An idea has an id of its own, made at random when it is taken into the bank: the evaluation's id would tell when it was
-- begun, and so perhaps whose it is.

ALTER TABLE readings ADD COLUMN idea_id UUID;
UPDATE readings SET idea_id = gen_random_uuid() WHERE approved_at IS NOT NULL;
CREATE UNIQUE INDEX readings_by_idea ON readings (idea_id);
