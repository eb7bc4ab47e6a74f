-- Figures of other municipalities, as they came in their files: counts of many, of nobody in particular.

CREATE TABLE exchange_files (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    municipality TEXT NOT NULL CHECK (municipality <> ''),
    from_term TEXT NOT NULL,
    to_term TEXT NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT exchange_files_once UNIQUE (organisation_id, municipality, from_term, to_term)
);

-- What a file says of each kit type, in its order; `kind` is what types are compared by.
CREATE TABLE exchange_figures (
    file_id UUID NOT NULL REFERENCES exchange_files (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    figures JSONB NOT NULL,
    PRIMARY KEY (file_id, position)
);
CREATE INDEX exchange_figures_by_kind ON exchange_figures (kind, file_id);
