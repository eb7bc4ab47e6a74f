-- Stocktakes: what stands on the shelves against what ought to stand there, who counted it, and what was put right.

-- One without shelves is of the whole warehouse.
CREATE TABLE stocktakes (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'closed', 'cancelled')),
    started_by UUID REFERENCES people (id),
    started_at TIMESTAMPTZ NOT NULL,
    ended_by UUID REFERENCES people (id),
    ended_at TIMESTAMPTZ,
    CONSTRAINT stocktakes_ended CHECK ((status = 'open') = (ended_at IS NULL))
);
CREATE INDEX stocktakes_by_organisation ON stocktakes (organisation_id, id);
CREATE INDEX stocktakes_by_status ON stocktakes (organisation_id, status, id);

CREATE TABLE stocktake_shelves (
    stocktake_id UUID NOT NULL REFERENCES stocktakes (id),
    shelf TEXT NOT NULL,
    PRIMARY KEY (stocktake_id, shelf)
);

-- Each under the id that its sender gave it. The shelf is where whoever scanned stood, if they said; home is where the kit
-- was said to stand at that time.
CREATE TABLE stocktake_scans (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    stocktake_id UUID NOT NULL REFERENCES stocktakes (id),
    kit_id UUID NOT NULL REFERENCES kits (id),
    shelf TEXT,
    home TEXT NOT NULL,
    finding TEXT NOT NULL CHECK (finding IN ('found', 'other_shelf', 'out', 'lost', 'retired')),
    outcome TEXT NOT NULL CHECK (outcome IN ('found', 'already_counted', 'other_shelf', 'out', 'lost', 'retired')),
    unit_id UUID REFERENCES units (id),
    scanned_by UUID REFERENCES people (id),
    scanned_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    undone_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT stocktake_scans_out CHECK ((finding = 'out') = (unit_id IS NOT NULL))
);
CREATE INDEX stocktake_scans_by_kit ON stocktake_scans (stocktake_id, kit_id);

-- What is known of each kit: what the scan that counts found, or that it was missing when the stocktake was closed. The
-- unit has the kit, or had it last.
CREATE TABLE stocktake_lines (
    stocktake_id UUID NOT NULL REFERENCES stocktakes (id),
    kit_id UUID NOT NULL REFERENCES kits (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    finding TEXT NOT NULL CHECK (finding IN ('found', 'other_shelf', 'out', 'lost', 'retired', 'missing')),
    home TEXT NOT NULL,
    shelf TEXT,
    scan_id UUID,
    counted_by UUID REFERENCES people (id),
    counted_at TIMESTAMPTZ,
    unit_id UUID REFERENCES units (id),
    last_seen_as TEXT CHECK (last_seen_as IN ('added', 'handed_out', 'received', 'checked', 'counted')),
    last_seen_at TIMESTAMPTZ,
    correction TEXT CHECK (correction IN ('set_shelf', 'move_back', 'receive', 'bring_back', 'mark_lost')),
    corrected_by UUID REFERENCES people (id),
    corrected_at TIMESTAMPTZ,
    PRIMARY KEY (stocktake_id, kit_id),
    FOREIGN KEY (organisation_id, scan_id) REFERENCES stocktake_scans (organisation_id, id),
    CONSTRAINT stocktake_lines_counted CHECK (
        (finding = 'missing') = (scan_id IS NULL) AND (finding = 'missing') = (counted_at IS NULL)),
    CONSTRAINT stocktake_lines_last_seen CHECK ((last_seen_as IS NULL) = (last_seen_at IS NULL)),
    CONSTRAINT stocktake_lines_corrected CHECK ((correction IS NULL) = (corrected_at IS NULL))
);
CREATE INDEX stocktake_lines_by_finding ON stocktake_lines (stocktake_id, finding, kit_id);
CREATE INDEX stocktake_lines_by_home ON stocktake_lines (stocktake_id, home, finding);
CREATE INDEX stocktake_lines_by_kit ON stocktake_lines (kit_id, counted_at);

CREATE INDEX kits_by_shelf ON kits (organisation_id, shelf);
