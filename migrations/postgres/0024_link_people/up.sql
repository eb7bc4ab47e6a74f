-- A link to an evaluation has an id, by which it is listed and ended, and may belong to one person: it works only as long as
-- they act for the unit. One without a person is the unit's own.

ALTER TABLE evaluation_links ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE evaluation_links ALTER COLUMN id DROP DEFAULT;
ALTER TABLE evaluation_links ADD CONSTRAINT evaluation_links_id UNIQUE (id);
ALTER TABLE evaluation_links ADD COLUMN person_id UUID REFERENCES people (id);
