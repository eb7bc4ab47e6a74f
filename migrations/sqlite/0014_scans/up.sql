-- Scans, each under the id that its sender gave it: what it did, or why it could do nothing when it came late, and who
-- has sorted that out.
CREATE TABLE scans (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    scanned_by BLOB REFERENCES people (id),
    code TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('auto', 'hand_out', 'receive', 'pack')),
    scanned_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('handed_out', 'handed_out_swapped', 'received', 'returned', 'packed')),
    loan_id BLOB REFERENCES loans (id),
    loan_version INTEGER,
    from_status TEXT,
    from_kit_id BLOB REFERENCES kits (id),
    away_since INTEGER,
    undone_at INTEGER,
    refusal TEXT,
    said TEXT,
    decision TEXT CHECK (decision IN ('received', 'handed_out', 'left')),
    note TEXT NOT NULL,
    decided_at INTEGER,
    decided_by BLOB REFERENCES people (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT scans_result CHECK ((outcome IS NULL) <> (refusal IS NULL)),
    CONSTRAINT scans_done CHECK (
        (outcome IS NULL) = (loan_id IS NULL) AND (outcome IS NULL) = (loan_version IS NULL)
        AND (outcome IS NULL) = (from_status IS NULL) AND (outcome IS NULL) = (from_kit_id IS NULL)
        AND (undone_at IS NULL OR outcome IS NOT NULL)),
    CONSTRAINT scans_refused CHECK ((refusal IS NULL) = (said IS NULL)),
    CONSTRAINT scans_decided CHECK (
        (decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL OR refusal IS NOT NULL))
) STRICT;
CREATE INDEX scans_open ON scans (organisation_id, id) WHERE refusal IS NOT NULL AND decided_at IS NULL;
CREATE INDEX scans_sorted_out ON scans (organisation_id, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX scans_by_sent_at ON scans (sent_at);
