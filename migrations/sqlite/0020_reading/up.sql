-- What developers do with evaluations: they find them, read them one after another, and share what worked.

-- What a submitted evaluation is found by: the stems of its words, and marks that say what it is about. The number tells
-- the order in which evaluations are read: the microsecond of the submission, or the next one that is free.
CREATE TABLE evaluation_search (
    number INTEGER NOT NULL PRIMARY KEY,
    evaluation_id BLOB NOT NULL UNIQUE REFERENCES evaluations (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    words TEXT NOT NULL
) STRICT;
CREATE INDEX evaluation_search_by_organisation ON evaluation_search (organisation_id, number);

-- The words come as they are to be found, with spaces between them: they are split nowhere else, and keep their letters.
CREATE VIRTUAL TABLE evaluation_index USING fts5 (
    words, content = 'evaluation_search', content_rowid = 'number', tokenize = "ascii tokenchars '_'", detail = none, prefix = '3 4 5'
);
-- What is masked leaves the index at once, and not when it is tidied up one day.
INSERT INTO evaluation_index (evaluation_index, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER evaluation_search_added AFTER INSERT ON evaluation_search BEGIN
    INSERT INTO evaluation_index (rowid, words) VALUES (NEW.number, NEW.words);
END;
CREATE TRIGGER evaluation_search_changed AFTER UPDATE ON evaluation_search BEGIN
    INSERT INTO evaluation_index (evaluation_index, rowid, words) VALUES ('delete', OLD.number, OLD.words);
    INSERT INTO evaluation_index (rowid, words) VALUES (NEW.number, NEW.words);
END;
CREATE TRIGGER evaluation_search_removed AFTER DELETE ON evaluation_search BEGIN
    INSERT INTO evaluation_index (evaluation_index, rowid, words) VALUES ('delete', OLD.number, OLD.words);
END;

-- What the office has done with an evaluation; there is no row for one that nobody has touched.
CREATE TABLE readings (
    evaluation_id BLOB NOT NULL PRIMARY KEY REFERENCES evaluations (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    read_at INTEGER,
    read_by BLOB REFERENCES people (id),
    starred INTEGER NOT NULL,
    note TEXT NOT NULL,
    approved_at INTEGER,
    approved_by BLOB REFERENCES people (id),
    thanked_at INTEGER,
    thanked_by BLOB REFERENCES people (id)
) STRICT;

CREATE TABLE themes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (name <> ''),
    CONSTRAINT themes_name UNIQUE (organisation_id, name)
) STRICT;
CREATE TABLE evaluation_themes (
    evaluation_id BLOB NOT NULL REFERENCES evaluations (id),
    theme_id BLOB NOT NULL REFERENCES themes (id),
    PRIMARY KEY (evaluation_id, theme_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluation_themes_by_theme ON evaluation_themes (theme_id, evaluation_id);

-- Whether everyone may read an organisation's idea bank; without a row, only those who are signed in.
CREATE TABLE idea_banks (
    organisation_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    public INTEGER NOT NULL
) STRICT;

-- Evaluations gathered for an occasion, as the yearly fair.
CREATE TABLE collections (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (name <> ''),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX collections_by_organisation ON collections (organisation_id, id);
CREATE TABLE collection_evaluations (
    collection_id BLOB NOT NULL REFERENCES collections (id),
    evaluation_id BLOB NOT NULL REFERENCES evaluations (id),
    PRIMARY KEY (collection_id, evaluation_id)
) STRICT, WITHOUT ROWID;
