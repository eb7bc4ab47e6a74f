-- What is asked of those who reserve: a row for the organisation, and one for each kit type that differs. A rule that is
-- null is not said there.

CREATE TABLE loan_rules (
    -- The organisation, or the kit type, that the rules are of.
    subject_id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID REFERENCES kit_types (id),
    earliest_days INTEGER CHECK (earliest_days BETWEEN 1 AND 400),
    lead_days INTEGER CHECK (lead_days BETWEEN 0 AND 30),
    kits_at_once INTEGER CHECK (kits_at_once BETWEEN 1 AND 1000),
    kits_of_type INTEGER CHECK (kits_of_type BETWEEN 1 AND 1000),
    no_repeat BOOLEAN,
    collect_days INTEGER CHECK (collect_days BETWEEN 0 AND 60),
    version INTEGER NOT NULL,
    CONSTRAINT loan_rules_subject CHECK (subject_id = coalesce(kit_type_id, organisation_id)),
    CONSTRAINT loan_rules_at_once CHECK (kit_type_id IS NULL OR kits_at_once IS NULL)
);
CREATE INDEX loan_rules_by_organisation ON loan_rules (organisation_id);

-- Loans that were reserved together.
ALTER TABLE loans ADD COLUMN bundle_id UUID;
CREATE INDEX loans_by_bundle ON loans (bundle_id) WHERE bundle_id IS NOT NULL;

-- What a unit has been told of a reservation for which no kit is in sight.
CREATE TABLE loan_risks (
    loan_id UUID NOT NULL PRIMARY KEY REFERENCES loans (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- How often it was told so.
    times INTEGER NOT NULL CHECK (times > 0),
    -- It was told so last, and not that a kit was found.
    at_risk BOOLEAN NOT NULL
);
CREATE INDEX loan_risks_by_organisation ON loan_risks (organisation_id, at_risk);
