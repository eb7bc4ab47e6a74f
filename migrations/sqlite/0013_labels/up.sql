-- Codes besides the one that a kit has: printed in advance and not yet on a kit, a second label of a kit, or replaced.

CREATE TABLE kit_codes (
    code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 7),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kit_id BLOB REFERENCES kits (id),
    added_at INTEGER NOT NULL,
    added_by BLOB REFERENCES people (id),
    bound_at INTEGER,
    retired_at INTEGER,
    CONSTRAINT kit_codes_bound CHECK ((kit_id IS NULL) = (bound_at IS NULL))
) STRICT;
CREATE INDEX kit_codes_by_kit ON kit_codes (kit_id, code);
CREATE INDEX kit_codes_by_organisation ON kit_codes (organisation_id, kit_id, code);

-- A code identifies one kit for ever: once on a kit it stays with that kit, and it is nobody else's.
CREATE TRIGGER kit_codes_fixed BEFORE UPDATE OF code, organisation_id, kit_id ON kit_codes
WHEN NEW.code <> OLD.code OR NEW.organisation_id <> OLD.organisation_id
    OR (OLD.kit_id IS NOT NULL AND NEW.kit_id IS NOT OLD.kit_id)
BEGIN SELECT RAISE(ABORT, 'kit_codes_fixed'); END;
CREATE TRIGGER kit_codes_no_delete BEFORE DELETE ON kit_codes
BEGIN SELECT RAISE(ABORT, 'kit_codes_no_delete'); END;
CREATE TRIGGER kit_codes_own BEFORE INSERT ON kit_codes
WHEN EXISTS (SELECT 1 FROM kits k WHERE k.code = NEW.code AND k.id IS NOT NEW.kit_id)
BEGIN SELECT RAISE(ABORT, 'kit_codes_own'); END;
CREATE TRIGGER kits_code_own BEFORE INSERT ON kits
WHEN EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = NEW.code AND c.kit_id IS NOT NEW.id)
BEGIN SELECT RAISE(ABORT, 'kits_code_own'); END;

-- A kit takes another of its codes when the old one is kept as replaced.
DROP TRIGGER kits_code_fixed;
CREATE TRIGGER kits_code_fixed BEFORE UPDATE OF code, kit_type_id, organisation_id ON kits
WHEN NEW.kit_type_id <> OLD.kit_type_id OR NEW.organisation_id <> OLD.organisation_id
    OR (NEW.code <> OLD.code AND NOT (
        EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = OLD.code AND c.kit_id = OLD.id)
        AND EXISTS (SELECT 1 FROM kit_codes c WHERE c.code = NEW.code AND c.kit_id = OLD.id)))
BEGIN SELECT RAISE(ABORT, 'kits_code_fixed'); END;

-- Which codes were printed when, also such as are on no kit yet. A reprint does not end the label before it.
CREATE TABLE label_prints (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('box', 'lid', 'part', 'card')),
    stock TEXT NOT NULL,
    copies INTEGER NOT NULL CHECK (copies BETWEEN 1 AND 20),
    printed_at INTEGER NOT NULL,
    printed_by BLOB REFERENCES people (id)
) STRICT;
CREATE INDEX label_prints_by_code ON label_prints (code, id);

-- Printers: how far they print beside the place, in tenths of a millimetre, and, for those that print by themselves,
-- where they are, and from which tray and as what kind of paper they take the labels; empty where that is left to them.
CREATE TABLE printers (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    address TEXT NOT NULL,
    stock TEXT NOT NULL,
    offset_x INTEGER NOT NULL CHECK (offset_x BETWEEN -100 AND 100),
    offset_y INTEGER NOT NULL CHECK (offset_y BETWEEN -100 AND 100),
    tray TEXT NOT NULL,
    media_type TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE INDEX printers_by_organisation ON printers (organisation_id, id);

-- What a printer is to print. What failed is kept until somebody has it printed or calls it off.
CREATE TABLE print_jobs (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    printer_id BLOB NOT NULL REFERENCES printers (id),
    what TEXT NOT NULL CHECK (json_valid(what)),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'cancelling', 'printed', 'failed', 'cancelled')),
    reason TEXT NOT NULL,
    remote_id INTEGER,
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB REFERENCES people (id),
    ended_at INTEGER,
    CONSTRAINT print_jobs_ended CHECK ((status IN ('printed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT print_jobs_sent CHECK (status NOT IN ('sent', 'printed') OR remote_id IS NOT NULL)
) STRICT;
CREATE INDEX print_jobs_by_organisation ON print_jobs (organisation_id, id);
CREATE INDEX print_jobs_due ON print_jobs (status, next_try_at);
CREATE INDEX print_jobs_by_printer ON print_jobs (printer_id, status, next_try_at);
