-- Figures of other municipalities, as they came in their files: counts of many, of nobody in particular.

CREATE TABLE exchange_files (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    municipality TEXT NOT NULL CHECK (municipality <> ''),
    from_term TEXT NOT NULL,
    to_term TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    CONSTRAINT exchange_files_once UNIQUE (organisation_id, municipality, from_term, to_term)
) STRICT;

-- What a file says of each kit type, in its order; `kind` is what types are compared by.
CREATE TABLE exchange_figures (
    file_id BLOB NOT NULL REFERENCES exchange_files (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    PRIMARY KEY (file_id, position)
) STRICT;
CREATE INDEX exchange_figures_by_kind ON exchange_figures (kind, file_id);
