-- Scans, each under the id that its sender gave it: what it did, or why it could do nothing when it came late, and who
-- has sorted that out.
CREATE TABLE scans (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    scanned_by UUID REFERENCES people (id),
    code TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('auto', 'hand_out', 'receive', 'pack')),
    scanned_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    outcome TEXT CHECK (outcome IN ('handed_out', 'handed_out_swapped', 'received', 'returned', 'packed')),
    loan_id UUID REFERENCES loans (id),
    loan_version INTEGER,
    from_status TEXT,
    from_kit_id UUID REFERENCES kits (id),
    away_since TIMESTAMPTZ,
    undone_at TIMESTAMPTZ,
    refusal TEXT,
    said TEXT,
    decision TEXT CHECK (decision IN ('received', 'handed_out', 'left')),
    note TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES people (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT scans_result CHECK ((outcome IS NULL) <> (refusal IS NULL)),
    CONSTRAINT scans_done CHECK (
        (outcome IS NULL) = (loan_id IS NULL) AND (outcome IS NULL) = (loan_version IS NULL)
        AND (outcome IS NULL) = (from_status IS NULL) AND (outcome IS NULL) = (from_kit_id IS NULL)
        AND (undone_at IS NULL OR outcome IS NOT NULL)),
    CONSTRAINT scans_refused CHECK ((refusal IS NULL) = (said IS NULL)),
    CONSTRAINT scans_decided CHECK (
        (decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL OR refusal IS NOT NULL))
);
CREATE INDEX scans_open ON scans (organisation_id, id) WHERE refusal IS NOT NULL AND decided_at IS NULL;
CREATE INDEX scans_sorted_out ON scans (organisation_id, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX scans_by_sent_at ON scans (sent_at);
