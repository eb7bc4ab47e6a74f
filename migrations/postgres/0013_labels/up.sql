-- Codes besides the one that a kit has: printed in advance and not yet on a kit, a second label of a kit, or replaced.

CREATE TABLE kit_codes (
    code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 7),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_id UUID REFERENCES kits (id),
    added_at TIMESTAMPTZ NOT NULL,
    added_by UUID REFERENCES people (id),
    bound_at TIMESTAMPTZ,
    retired_at TIMESTAMPTZ,
    CONSTRAINT kit_codes_bound CHECK ((kit_id IS NULL) = (bound_at IS NULL))
);
CREATE INDEX kit_codes_by_kit ON kit_codes (kit_id, code);
CREATE INDEX kit_codes_by_organisation ON kit_codes (organisation_id, kit_id, code);

-- A code identifies one kit for ever: once on a kit it stays with that kit, and it is nobody else's.
CREATE TRIGGER kit_codes_fixed BEFORE UPDATE OF code, organisation_id, kit_id ON kit_codes
FOR EACH ROW
WHEN (NEW.code <> OLD.code OR NEW.organisation_id <> OLD.organisation_id
    OR (OLD.kit_id IS NOT NULL AND NEW.kit_id IS DISTINCT FROM OLD.kit_id))
EXECUTE FUNCTION refuse('kit_codes_fixed');
CREATE TRIGGER kit_codes_no_delete BEFORE DELETE ON kit_codes
FOR EACH ROW EXECUTE FUNCTION refuse('kit_codes_no_delete');

CREATE FUNCTION kit_codes_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM kits k WHERE k.code = NEW.code AND k.id IS DISTINCT FROM NEW.kit_id) THEN
        RAISE EXCEPTION 'kit_codes_own' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER kit_codes_own BEFORE INSERT ON kit_codes FOR EACH ROW EXECUTE FUNCTION kit_codes_own();

CREATE FUNCTION kits_code_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = NEW.code AND c.kit_id IS DISTINCT FROM NEW.id) THEN
        RAISE EXCEPTION 'kits_code_own' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER kits_code_own BEFORE INSERT ON kits FOR EACH ROW EXECUTE FUNCTION kits_code_own();

-- A kit takes another of its codes when the old one is kept as replaced.
CREATE FUNCTION kits_code_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kit_type_id <> OLD.kit_type_id OR NEW.organisation_id <> OLD.organisation_id OR (NEW.code <> OLD.code AND NOT (
        EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = OLD.code AND c.kit_id = OLD.id)
        AND EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = NEW.code AND c.kit_id = OLD.id)))
    THEN
        RAISE EXCEPTION 'kits_code_fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER kits_code_fixed ON kits;
CREATE TRIGGER kits_code_fixed BEFORE UPDATE OF code, kit_type_id, organisation_id ON kits
FOR EACH ROW EXECUTE FUNCTION kits_code_fixed();

-- Which codes were printed when, also such as are on no kit yet. A reprint does not end the label before it.
CREATE TABLE label_prints (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('box', 'lid', 'part', 'card')),
    stock TEXT NOT NULL,
    copies INTEGER NOT NULL CHECK (copies BETWEEN 1 AND 20),
    printed_at TIMESTAMPTZ NOT NULL,
    printed_by UUID REFERENCES people (id)
);
CREATE INDEX label_prints_by_code ON label_prints (code, id);

-- Printers: how far they print beside the place, in tenths of a millimetre, and, for those that print by themselves,
-- where they are, and from which tray and as what kind of paper they take the labels; empty where that is left to them.
CREATE TABLE printers (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    address TEXT NOT NULL,
    stock TEXT NOT NULL,
    offset_x INTEGER NOT NULL CHECK (offset_x BETWEEN -100 AND 100),
    offset_y INTEGER NOT NULL CHECK (offset_y BETWEEN -100 AND 100),
    tray TEXT NOT NULL,
    media_type TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    removed_at TIMESTAMPTZ
);
CREATE INDEX printers_by_organisation ON printers (organisation_id, id);

-- What a printer is to print. What failed is kept until somebody has it printed or calls it off.
CREATE TABLE print_jobs (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    printer_id UUID NOT NULL REFERENCES printers (id),
    what JSONB NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'cancelling', 'printed', 'failed', 'cancelled')),
    reason TEXT NOT NULL,
    remote_id INTEGER,
    attempts INTEGER NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID REFERENCES people (id),
    ended_at TIMESTAMPTZ,
    CONSTRAINT print_jobs_ended CHECK ((status IN ('printed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT print_jobs_sent CHECK (status NOT IN ('sent', 'printed') OR remote_id IS NOT NULL)
);
CREATE INDEX print_jobs_by_organisation ON print_jobs (organisation_id, id);
CREATE INDEX print_jobs_due ON print_jobs (status, next_try_at);
CREATE INDEX print_jobs_by_printer ON print_jobs (printer_id, status, next_try_at);
