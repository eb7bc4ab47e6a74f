-- How many loans began in a term and were handed out, by kit type and by unit, counted as kits leave, so that statistics of
-- some terms take no longer when there were more loans. A term is a year and its half, as in evaluation_totals.

CREATE TABLE loan_totals (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL,
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    loans INTEGER NOT NULL CHECK (loans >= 0),
    PRIMARY KEY (organisation_id, term, kit_type_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX loan_totals_by_kit_type ON loan_totals (kit_type_id, term);
CREATE TABLE unit_totals (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id),
    loans INTEGER NOT NULL CHECK (loans >= 0),
    PRIMARY KEY (organisation_id, term, unit_id)
) STRICT, WITHOUT ROWID;

INSERT INTO loan_totals (organisation_id, term, kit_type_id, loans)
SELECT organisation_id,
    substr(loans.first_day, 1, 4) || CASE WHEN substr(loans.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END, kit_type_id, count(*)
FROM loans WHERE handed_out_at IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO unit_totals (organisation_id, term, unit_id, loans)
SELECT organisation_id,
    substr(loans.first_day, 1, 4) || CASE WHEN substr(loans.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END, unit_id, count(*)
FROM loans WHERE handed_out_at IS NOT NULL GROUP BY 1, 2, 3;

CREATE TRIGGER loans_counted_insert AFTER INSERT ON loans
WHEN NEW.handed_out_at IS NOT NULL
BEGIN
    INSERT INTO loan_totals (organisation_id, term, kit_type_id, loans)
    VALUES (NEW.organisation_id,
        substr(NEW.first_day, 1, 4) || CASE WHEN substr(NEW.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.kit_type_id, 1)
    ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET loans = loans + 1;
    INSERT INTO unit_totals (organisation_id, term, unit_id, loans)
    VALUES (NEW.organisation_id,
        substr(NEW.first_day, 1, 4) || CASE WHEN substr(NEW.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.unit_id, 1)
    ON CONFLICT (organisation_id, term, unit_id) DO UPDATE SET loans = loans + 1;
END;

CREATE TRIGGER loans_uncounted AFTER UPDATE OF handed_out_at, first_day, kit_type_id, unit_id ON loans
WHEN OLD.handed_out_at IS NOT NULL
    AND (NEW.handed_out_at IS NULL OR NEW.first_day <> OLD.first_day
        OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.unit_id <> OLD.unit_id)
BEGIN
    UPDATE loan_totals SET loans = loans - 1
    WHERE organisation_id = OLD.organisation_id AND kit_type_id = OLD.kit_type_id
        AND term = substr(OLD.first_day, 1, 4) || CASE WHEN substr(OLD.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END;
    UPDATE unit_totals SET loans = loans - 1
    WHERE organisation_id = OLD.organisation_id AND unit_id = OLD.unit_id
        AND term = substr(OLD.first_day, 1, 4) || CASE WHEN substr(OLD.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END;
END;

CREATE TRIGGER loans_counted_update AFTER UPDATE OF handed_out_at, first_day, kit_type_id, unit_id ON loans
WHEN NEW.handed_out_at IS NOT NULL
    AND (OLD.handed_out_at IS NULL OR NEW.first_day <> OLD.first_day
        OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.unit_id <> OLD.unit_id)
BEGIN
    INSERT INTO loan_totals (organisation_id, term, kit_type_id, loans)
    VALUES (NEW.organisation_id,
        substr(NEW.first_day, 1, 4) || CASE WHEN substr(NEW.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.kit_type_id, 1)
    ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET loans = loans + 1;
    INSERT INTO unit_totals (organisation_id, term, unit_id, loans)
    VALUES (NEW.organisation_id,
        substr(NEW.first_day, 1, 4) || CASE WHEN substr(NEW.first_day, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.unit_id, 1)
    ON CONFLICT (organisation_id, term, unit_id) DO UPDATE SET loans = loans + 1;
END;

-- What lists of names are read from, without the rows themselves, and the kits that each type has to lend.
CREATE INDEX kit_types_by_name ON kit_types (organisation_id, name, id);
CREATE INDEX units_by_name ON units (organisation_id, name, id);
CREATE INDEX units_by_area ON units (organisation_id, area);
CREATE INDEX kits_to_lend ON kits (organisation_id, kit_type_id) WHERE retired_at IS NULL AND lost_at IS NULL;

-- Evaluations are found by their own index, and their scales by kit type or unit.
DROP INDEX evaluations_by_organisation;
DROP INDEX evaluations_by_kit_type;
DROP INDEX evaluations_by_unit;
DROP INDEX evaluation_scales_by_day;
