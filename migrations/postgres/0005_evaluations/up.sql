-- What a unit answers about a loan, and the rule that a loan is returned only with an evaluation or a release.

CREATE TABLE evaluations (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    loan_id UUID NOT NULL CONSTRAINT evaluations_loan UNIQUE REFERENCES loans (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    form_version_id UUID NOT NULL REFERENCES form_versions (id),
    answers JSONB NOT NULL,
    used BOOLEAN,
    children INTEGER,
    share TEXT CHECK (share IN ('named', 'anonymous', 'no')),
    written_by UUID REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    submitted_on DATE,
    CONSTRAINT evaluations_submitted CHECK ((submitted_at IS NULL) = (submitted_on IS NULL))
);
CREATE INDEX evaluations_by_organisation ON evaluations (organisation_id, submitted_at, id);
CREATE INDEX evaluations_by_kit_type ON evaluations (kit_type_id, submitted_at, id);
CREATE INDEX evaluations_by_unit ON evaluations (unit_id, submitted_at, id);

-- One row for each scale question of a submitted evaluation; no value means "don't know".
CREATE TABLE evaluation_scales (
    evaluation_id UUID NOT NULL REFERENCES evaluations (id),
    question_id TEXT NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    submitted_on DATE NOT NULL,
    value INTEGER CHECK (value BETWEEN 1 AND 5),
    PRIMARY KEY (evaluation_id, question_id)
);
CREATE INDEX evaluation_scales_by_kit_type
    ON evaluation_scales (organisation_id, kit_type_id, question_id, value, submitted_on, unit_id);

CREATE TRIGGER evaluations_final BEFORE UPDATE ON evaluations
FOR EACH ROW
WHEN (NEW.loan_id <> OLD.loan_id OR NEW.form_version_id <> OLD.form_version_id
  OR (OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS DISTINCT FROM OLD.submitted_at))
EXECUTE FUNCTION refuse('evaluations_final');
CREATE TRIGGER evaluations_no_delete BEFORE DELETE ON evaluations
FOR EACH ROW
WHEN (OLD.submitted_at IS NOT NULL)
EXECUTE FUNCTION refuse('evaluations_final');

CREATE FUNCTION loan_needs_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT'
        OR NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.loan_id = NEW.id AND e.submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'loans_evaluated' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER loans_evaluated BEFORE INSERT OR UPDATE ON loans
FOR EACH ROW
WHEN (NEW.evaluation = 'submitted')
EXECUTE FUNCTION loan_needs_evaluation();
