-- What a unit answers about a loan, and the rule that a loan is returned only with an evaluation or a release.

CREATE TABLE evaluations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    loan_id BLOB NOT NULL CONSTRAINT evaluations_loan UNIQUE REFERENCES loans (id),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    form_version_id BLOB NOT NULL REFERENCES form_versions (id),
    answers TEXT NOT NULL CHECK (json_valid(answers)),
    used INTEGER,
    children INTEGER,
    share TEXT CHECK (share IN ('named', 'anonymous', 'no')),
    written_by BLOB REFERENCES people (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    submitted_on TEXT,
    CONSTRAINT evaluations_submitted CHECK ((submitted_at IS NULL) = (submitted_on IS NULL))
) STRICT;
CREATE INDEX evaluations_by_organisation ON evaluations (organisation_id, submitted_at, id);
CREATE INDEX evaluations_by_kit_type ON evaluations (kit_type_id, submitted_at, id);
CREATE INDEX evaluations_by_unit ON evaluations (unit_id, submitted_at, id);

-- One row for each scale question of a submitted evaluation; no value means "don't know".
CREATE TABLE evaluation_scales (
    evaluation_id BLOB NOT NULL REFERENCES evaluations (id),
    question_id TEXT NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    submitted_on TEXT NOT NULL,
    value INTEGER CHECK (value BETWEEN 1 AND 5),
    PRIMARY KEY (evaluation_id, question_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluation_scales_by_kit_type
    ON evaluation_scales (organisation_id, kit_type_id, question_id, value, submitted_on, unit_id);

CREATE TRIGGER evaluations_final BEFORE UPDATE ON evaluations
WHEN NEW.loan_id <> OLD.loan_id OR NEW.form_version_id <> OLD.form_version_id
  OR (OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NOT OLD.submitted_at)
BEGIN SELECT RAISE(ABORT, 'evaluations_final'); END;
CREATE TRIGGER evaluations_no_delete BEFORE DELETE ON evaluations
WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'evaluations_final'); END;

CREATE TRIGGER loans_evaluated_insert BEFORE INSERT ON loans
WHEN NEW.evaluation = 'submitted'
BEGIN SELECT RAISE(ABORT, 'loans_evaluated'); END;
CREATE TRIGGER loans_evaluated_update BEFORE UPDATE ON loans
WHEN NEW.evaluation = 'submitted'
  AND NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.loan_id = NEW.id AND e.submitted_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'loans_evaluated'); END;
