-- Contents checks, what they found to differ from the contents list, and what became of it.

CREATE TABLE content_checks (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kit_id BLOB NOT NULL REFERENCES kits (id),
    loan_id BLOB REFERENCES loans (id),
    occasion TEXT NOT NULL CHECK (occasion IN ('arrival', 'before_return', 'return', 'stocktake', 'other')),
    checked_by BLOB REFERENCES people (id),
    checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX content_checks_by_kit ON content_checks (kit_id, checked_at);
CREATE INDEX content_checks_by_loan ON content_checks (loan_id, id);

-- Only what is there and not on the list has no line; the name is the line's at that time, or what was written. Until it
-- is resolved it is open, and as long keeps the kit from being lent if the part was one that it cannot do without. What is
-- written off stays missing, and nobody looks for it any more.
CREATE TABLE deviations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    check_id BLOB NOT NULL REFERENCES content_checks (id),
    loan_id BLOB REFERENCES loans (id),
    kit_id BLOB NOT NULL REFERENCES kits (id),
    content_line_id BLOB REFERENCES content_lines (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('missing', 'broken', 'used_up', 'extra')),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    note TEXT NOT NULL,
    keeps_kit INTEGER NOT NULL CHECK (keeps_kit IN (0, 1)),
    reported_by BLOB REFERENCES people (id),
    reported_at INTEGER NOT NULL,
    resolution TEXT CHECK (resolution IN ('found', 'replaced', 'written_off')),
    resolved_by BLOB REFERENCES people (id),
    resolved_at INTEGER,
    resolution_note TEXT NOT NULL,
    CONSTRAINT deviations_line CHECK (kind = 'extra' OR content_line_id IS NOT NULL),
    CONSTRAINT deviations_extra CHECK (kind <> 'extra' OR keeps_kit = 0),
    CONSTRAINT deviations_resolved CHECK ((resolution IS NULL) = (resolved_at IS NULL))
) STRICT;
CREATE INDEX deviations_by_loan ON deviations (loan_id, id);
CREATE INDEX deviations_by_check ON deviations (check_id, id);
CREATE INDEX deviations_by_kit ON deviations (kit_id, resolution);
CREATE INDEX deviations_by_kit_resolved ON deviations (kit_id, resolved_at);
CREATE INDEX deviations_open ON deviations (organisation_id, resolution, id);
CREATE INDEX deviations_reported ON deviations (organisation_id, reported_at);

-- What a deviation looks like: a JPEG of ours, without what the sent file told besides.
CREATE TABLE deviation_photos (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    deviation_id BLOB NOT NULL REFERENCES deviations (id),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    file BLOB NOT NULL CHECK (length(file) > 0),
    added_by BLOB REFERENCES people (id),
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deviation_photos_by_deviation ON deviation_photos (deviation_id, id);

-- Kits that came back and have not been checked since.
CREATE TABLE kits_to_check (
    kit_id BLOB NOT NULL PRIMARY KEY REFERENCES kits (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    loan_id BLOB NOT NULL REFERENCES loans (id),
    since INTEGER NOT NULL
) STRICT;
CREATE INDEX kits_to_check_by_organisation ON kits_to_check (organisation_id, since);
