-- What developers do with evaluations: they find them, read them one after another, and share what worked.

-- What a submitted evaluation is found by: the stems of its words, and marks that say what it is about. The number tells
-- the order in which evaluations are read: the microsecond of the submission, or the next one that is free.
CREATE TABLE evaluation_search (
    number BIGINT NOT NULL PRIMARY KEY,
    evaluation_id UUID NOT NULL UNIQUE REFERENCES evaluations (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    words TEXT NOT NULL,
    -- The words come as they are to be found, with spaces between them: they are split nowhere else.
    lexemes TSVECTOR NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
);
CREATE INDEX evaluation_search_by_organisation ON evaluation_search (organisation_id, number);
CREATE INDEX evaluation_search_by_lexemes ON evaluation_search USING gin (lexemes) WITH (fastupdate = off);

-- What the office has done with an evaluation; there is no row for one that nobody has touched.
CREATE TABLE readings (
    evaluation_id UUID NOT NULL PRIMARY KEY REFERENCES evaluations (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    read_at TIMESTAMPTZ,
    read_by UUID REFERENCES people (id),
    starred BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    approved_at TIMESTAMPTZ,
    approved_by UUID REFERENCES people (id),
    thanked_at TIMESTAMPTZ,
    thanked_by UUID REFERENCES people (id)
);

CREATE TABLE themes (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (name <> ''),
    CONSTRAINT themes_name UNIQUE (organisation_id, name)
);
CREATE TABLE evaluation_themes (
    evaluation_id UUID NOT NULL REFERENCES evaluations (id),
    theme_id UUID NOT NULL REFERENCES themes (id),
    PRIMARY KEY (evaluation_id, theme_id)
);
CREATE INDEX evaluation_themes_by_theme ON evaluation_themes (theme_id, evaluation_id);

-- Whether everyone may read an organisation's idea bank; without a row, only those who are signed in.
CREATE TABLE idea_banks (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    public BOOLEAN NOT NULL
);

-- Evaluations gathered for an occasion, as the yearly fair.
CREATE TABLE collections (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (name <> ''),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX collections_by_organisation ON collections (organisation_id, id);
CREATE TABLE collection_evaluations (
    collection_id UUID NOT NULL REFERENCES collections (id),
    evaluation_id UUID NOT NULL REFERENCES evaluations (id),
    PRIMARY KEY (collection_id, evaluation_id)
);
