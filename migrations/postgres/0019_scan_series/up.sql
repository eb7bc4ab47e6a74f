-- The series of scans that each person is in the middle of: what the next label they read is for.
CREATE TABLE scan_series (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    person_id UUID NOT NULL REFERENCES people (id),
    action TEXT NOT NULL CHECK (action IN ('auto', 'hand_out', 'receive', 'pack')),
    unit_id UUID REFERENCES units (id),
    stocktake_id UUID REFERENCES stocktakes (id),
    shelf TEXT,
    began_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
