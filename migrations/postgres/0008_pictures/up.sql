-- Pictures of kit types, in the order in which they are shown; of the whole kit, or of one part in it. The files stand apart, so that no list reads them: one for
-- each size, named by its longest edge in pixels.

CREATE TABLE pictures (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    content_line_id UUID REFERENCES content_lines (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    alt TEXT NOT NULL CHECK (trim(alt) <> ''),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX pictures_by_kit_type ON pictures (kit_type_id, position);

CREATE TABLE picture_files (
    picture_id UUID NOT NULL REFERENCES pictures (id),
    edge INTEGER NOT NULL CHECK (edge > 0),
    file BYTEA NOT NULL CHECK (length(file) > 0),
    PRIMARY KEY (picture_id, edge)
);
