-- How many loans began in a term and were handed out, by kit type and by unit, counted as kits leave, so that statistics of
-- some terms take no longer when there were more loans. A term is a year and its half, as in evaluation_totals.

CREATE TABLE loan_totals (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL COLLATE "C",
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    loans BIGINT NOT NULL CHECK (loans >= 0),
    PRIMARY KEY (organisation_id, term, kit_type_id)
);
CREATE INDEX loan_totals_by_kit_type ON loan_totals (kit_type_id, term);
CREATE TABLE unit_totals (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL COLLATE "C",
    unit_id UUID NOT NULL REFERENCES units (id),
    loans BIGINT NOT NULL CHECK (loans >= 0),
    PRIMARY KEY (organisation_id, term, unit_id)
);

CREATE FUNCTION term_of(day DATE) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT to_char(day, 'YYYY') || CASE WHEN extract(month FROM day) < 8 THEN '-1' ELSE '-2' END
$$;

INSERT INTO loan_totals (organisation_id, term, kit_type_id, loans)
SELECT organisation_id, term_of(first_day), kit_type_id, count(*)
FROM loans WHERE handed_out_at IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO unit_totals (organisation_id, term, unit_id, loans)
SELECT organisation_id, term_of(first_day), unit_id, count(*)
FROM loans WHERE handed_out_at IS NOT NULL GROUP BY 1, 2, 3;

CREATE FUNCTION count_loan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.handed_out_at IS NOT NULL THEN
        UPDATE loan_totals SET loans = loans - 1
        WHERE organisation_id = OLD.organisation_id AND term = term_of(OLD.first_day) AND kit_type_id = OLD.kit_type_id;
        UPDATE unit_totals SET loans = loans - 1
        WHERE organisation_id = OLD.organisation_id AND term = term_of(OLD.first_day) AND unit_id = OLD.unit_id;
    END IF;
    IF NEW.handed_out_at IS NOT NULL THEN
        INSERT INTO loan_totals AS t (organisation_id, term, kit_type_id, loans)
        VALUES (NEW.organisation_id, term_of(NEW.first_day), NEW.kit_type_id, 1)
        ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET loans = t.loans + 1;
        INSERT INTO unit_totals AS t (organisation_id, term, unit_id, loans)
        VALUES (NEW.organisation_id, term_of(NEW.first_day), NEW.unit_id, 1)
        ON CONFLICT (organisation_id, term, unit_id) DO UPDATE SET loans = t.loans + 1;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER loans_counted_insert AFTER INSERT ON loans
FOR EACH ROW
WHEN (NEW.handed_out_at IS NOT NULL)
EXECUTE FUNCTION count_loan();
CREATE TRIGGER loans_counted_update AFTER UPDATE OF handed_out_at, first_day, kit_type_id, unit_id ON loans
FOR EACH ROW
WHEN ((NEW.handed_out_at IS NULL) <> (OLD.handed_out_at IS NULL) OR NEW.handed_out_at IS NOT NULL
    AND (NEW.first_day <> OLD.first_day OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.unit_id <> OLD.unit_id))
EXECUTE FUNCTION count_loan();

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
