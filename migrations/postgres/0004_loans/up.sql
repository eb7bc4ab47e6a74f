-- Loans as dated facts, and the live claims on kits.

-- Equality of ids inside the exclusion constraint.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE form_versions (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    version INTEGER NOT NULL,
    form JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT form_versions_version UNIQUE (organisation_id, version)
);
CREATE TRIGGER form_versions_fixed BEFORE UPDATE ON form_versions
FOR EACH ROW EXECUTE FUNCTION refuse('form_versions_fixed');

CREATE TABLE loans (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    kit_id UUID NOT NULL REFERENCES kits (id),
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('reserved', 'ready', 'out', 'received', 'returned', 'cancelled', 'not_collected', 'lost')),
    evaluation TEXT NOT NULL CHECK (evaluation IN ('not_started', 'draft', 'submitted', 'released')),
    evaluation_due DATE,
    form_version_id UUID REFERENCES form_versions (id),
    reserved_by UUID REFERENCES people (id),
    reserved_at TIMESTAMPTZ NOT NULL,
    ready_at TIMESTAMPTZ,
    handed_out_at TIMESTAMPTZ,
    received_at TIMESTAMPTZ,
    returned_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    released_at TIMESTAMPTZ,
    released_by UUID REFERENCES people (id),
    release_reason TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT loans_days CHECK (last_day >= first_day),
    CONSTRAINT loans_out CHECK (status NOT IN ('out', 'received', 'returned', 'lost') OR handed_out_at IS NOT NULL),
    CONSTRAINT loans_received CHECK (status NOT IN ('received', 'returned') OR received_at IS NOT NULL),
    CONSTRAINT loans_released CHECK (
        evaluation <> 'released' OR (released_at IS NOT NULL AND trim(coalesce(release_reason, '')) <> '')),
    CONSTRAINT loans_returned CHECK (
        (status = 'returned') = (returned_at IS NOT NULL)
        AND (status <> 'returned' OR evaluation IN ('submitted', 'released'))),
    CONSTRAINT loans_ended CHECK ((status IN ('cancelled', 'not_collected', 'lost')) = (ended_at IS NOT NULL))
);
CREATE INDEX loans_by_organisation ON loans (organisation_id, id);
CREATE INDEX loans_by_status ON loans (organisation_id, status, id);
CREATE INDEX loans_by_first_day ON loans (organisation_id, status, first_day);
CREATE INDEX loans_by_last_day ON loans (organisation_id, status, last_day);
CREATE INDEX loans_by_unit ON loans (unit_id, status, id);
CREATE INDEX loans_by_kit ON loans (kit_id, status, id);
CREATE INDEX loans_by_unit_all ON loans (unit_id, id);
CREATE INDEX loans_by_unit_first_day ON loans (unit_id, first_day, status);
CREATE INDEX loans_by_kit_all ON loans (kit_id, id);
CREATE INDEX loans_by_kit_first_day ON loans (kit_id, first_day);
CREATE INDEX loans_by_kit_received ON loans (kit_id, received_at);
CREATE INDEX loans_by_kit_type ON loans (kit_type_id, status);
CREATE UNIQUE INDEX loans_one_out ON loans (kit_id) WHERE status = 'out';
CREATE INDEX loans_by_evaluation_due ON loans (organisation_id, status, evaluation_due);

-- What differs from the contents list when a kit comes back. Only what is there and not on the list has no line; the name
-- is the line's at that time, or what was written.
CREATE TABLE deviations (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    loan_id UUID NOT NULL REFERENCES loans (id),
    kit_id UUID NOT NULL REFERENCES kits (id),
    content_line_id UUID REFERENCES content_lines (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('missing', 'broken', 'used_up', 'extra')),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    note TEXT NOT NULL,
    reported_by UUID REFERENCES people (id),
    reported_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT deviations_line CHECK (kind = 'extra' OR content_line_id IS NOT NULL)
);
CREATE INDEX deviations_by_loan ON deviations (loan_id);
CREATE INDEX deviations_by_kit ON deviations (kit_id, id);

-- A wish for a kit within a span of days in which none is free, and the offer that comes of it. The loan that an offer
-- becomes has its id beforehand.
CREATE TABLE queue_entries (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    earliest_day DATE NOT NULL,
    latest_day DATE NOT NULL,
    days INTEGER NOT NULL CHECK (days >= 0),
    status TEXT NOT NULL CHECK (status IN
        ('waiting', 'offered', 'taken', 'declined', 'lapsed', 'withdrawn', 'passed')),
    asked_by UUID REFERENCES people (id),
    asked_at TIMESTAMPTZ NOT NULL,
    loan_id UUID,
    first_day DATE,
    last_day DATE,
    offered_at TIMESTAMPTZ,
    answer_by TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    version INTEGER NOT NULL,
    CONSTRAINT queue_entries_loan UNIQUE (loan_id),
    CONSTRAINT queue_entries_span CHECK (latest_day >= earliest_day),
    CONSTRAINT queue_entries_offer CHECK (
        (status IN ('offered', 'taken', 'declined', 'lapsed')) = (loan_id IS NOT NULL)
        AND (loan_id IS NULL) = (first_day IS NULL) AND (loan_id IS NULL) = (last_day IS NULL)
        AND (loan_id IS NULL) = (offered_at IS NULL) AND (loan_id IS NULL) = (answer_by IS NULL)
        AND (loan_id IS NULL OR (first_day >= earliest_day AND last_day >= first_day AND latest_day >= last_day))),
    CONSTRAINT queue_entries_ended CHECK ((status IN ('waiting', 'offered')) = (ended_at IS NULL)),
    CONSTRAINT queue_entries_once EXCLUDE USING gist (
        unit_id WITH =, kit_type_id WITH =, daterange(earliest_day, latest_day, '[]') WITH &&)
        WHERE (status IN ('waiting', 'offered'))
);
CREATE INDEX queue_entries_by_organisation ON queue_entries (organisation_id, id);
CREATE INDEX queue_entries_by_status ON queue_entries (organisation_id, status, id);
CREATE INDEX queue_entries_by_unit ON queue_entries (unit_id, status, id);
CREATE INDEX queue_entries_by_kit_type ON queue_entries (kit_type_id, status, id);

-- A reservation, a loan that is not over or an offer claims its kit here; history stays elsewhere. A claim has the id of
-- its loan, which an offer has beforehand: so the claim stays when the offer is taken.
CREATE TABLE occupancies (
    id UUID NOT NULL PRIMARY KEY,
    loan_id UUID REFERENCES loans (id),
    queue_entry_id UUID REFERENCES queue_entries (id),
    kit_id UUID NOT NULL REFERENCES kits (id),
    first_day DATE NOT NULL,
    end_day DATE NOT NULL,
    CONSTRAINT occupancies_holder CHECK ((loan_id IS NULL) <> (queue_entry_id IS NULL)),
    CONSTRAINT occupancies_id CHECK (loan_id IS NULL OR loan_id = id),
    CONSTRAINT occupancies_loan UNIQUE (loan_id),
    CONSTRAINT occupancies_queue_entry UNIQUE (queue_entry_id),
    CONSTRAINT occupancies_days CHECK (end_day > first_day),
    CONSTRAINT occupancies_no_overlap
        EXCLUDE USING gist (kit_id WITH =, daterange(first_day, end_day) WITH &&)
);
CREATE INDEX occupancies_by_kit ON occupancies (kit_id, end_day, first_day);
