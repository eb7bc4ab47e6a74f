-- The series of scans that each person is in the middle of: what the next label they read is for.
CREATE TABLE scan_series (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    action TEXT NOT NULL CHECK (action IN ('auto', 'hand_out', 'receive', 'pack')),
    unit_id BLOB REFERENCES units (id),
    stocktake_id BLOB REFERENCES stocktakes (id),
    shelf TEXT,
    began_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
) STRICT;
