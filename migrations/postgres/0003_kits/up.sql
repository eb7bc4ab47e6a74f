-- Kit types with their contents lists, and kits with the codes on their labels.

CREATE TABLE kit_types (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    description TEXT NOT NULL,
    get_started TEXT NOT NULL,
    age_from INTEGER CHECK (age_from BETWEEN 0 AND 99),
    age_to INTEGER CHECK (age_to BETWEEN 0 AND 99),
    screen TEXT NOT NULL CHECK (screen IN ('none', 'partly', 'screen')),
    power TEXT NOT NULL,
    power_source TEXT NOT NULL CHECK (power_source IN ('none', 'batteries', 'rechargeable', 'mains')),
    loan_days INTEGER NOT NULL CHECK (loan_days BETWEEN 1 AND 366),
    turnaround_days INTEGER NOT NULL CHECK (turnaround_days BETWEEN 0 AND 90),
    service_after_loan TEXT CHECK (service_after_loan IN ('repair', 'charge', 'clean', 'refill')),
    service_every TEXT CHECK (service_every IN ('repair', 'charge', 'clean', 'refill')),
    service_every_days INTEGER CHECK (service_every_days BETWEEN 7 AND 1000),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ,
    CONSTRAINT kit_types_name UNIQUE (organisation_id, name),
    CONSTRAINT kit_types_service CHECK ((service_every IS NULL) = (service_every_days IS NULL)),
    CHECK (age_to >= age_from)
);

-- A line without a position has been taken off the list; what was reported about it stays. The price is in hundredths.
CREATE TABLE content_lines (
    id UUID NOT NULL PRIMARY KEY,
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    position INTEGER,
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    kind TEXT NOT NULL CHECK (kind IN ('essential', 'replaceable', 'consumable')),
    price INTEGER CHECK (price BETWEEN 0 AND 100000000),
    CONSTRAINT content_lines_position UNIQUE (kit_type_id, position)
);

-- A kit that is lost is out of use, until it turns up.
CREATE TABLE kits (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    code TEXT NOT NULL CONSTRAINT kits_code UNIQUE CHECK (length(code) = 7),
    copy TEXT NOT NULL CHECK (trim(copy) <> ''),
    shelf TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ,
    lost_at TIMESTAMPTZ,
    CONSTRAINT kits_copy UNIQUE (kit_type_id, copy),
    CONSTRAINT kits_lost CHECK (lost_at IS NULL OR retired_at IS NOT NULL)
);
CREATE INDEX kits_by_organisation ON kits (organisation_id, id);

-- A code identifies one kit for ever.
CREATE TRIGGER kits_code_fixed BEFORE UPDATE OF code, kit_type_id, organisation_id ON kits
FOR EACH ROW
WHEN (NEW.code <> OLD.code OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.organisation_id <> OLD.organisation_id)
EXECUTE FUNCTION refuse('kits_code_fixed');
CREATE TRIGGER kits_no_delete BEFORE DELETE ON kits
FOR EACH ROW EXECUTE FUNCTION refuse('kits_no_delete');

-- Kits that are ready to stand for months: batteries out, or charged and put by. Gone when the kit is packed or leaves.
CREATE TABLE put_away (
    kit_id UUID NOT NULL PRIMARY KEY REFERENCES kits (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    put_away_at TIMESTAMPTZ NOT NULL,
    put_away_by UUID REFERENCES people (id)
);
CREATE INDEX put_away_by_organisation ON put_away (organisation_id);
