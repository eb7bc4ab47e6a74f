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
CREATE INDEX evaluation_scales_by_day
    ON evaluation_scales (organisation_id, submitted_on, kit_type_id, question_id, value);
CREATE INDEX evaluation_scales_by_kit_type ON evaluation_scales (kit_type_id, submitted_on, question_id, value);
CREATE INDEX evaluation_scales_by_unit ON evaluation_scales (unit_id, submitted_on, kit_type_id, question_id, value);

-- What the evaluations of a kit type that came in during a term add up to, counted as they come in, so that what is asked
-- of some terms does not take longer with every year. A term is a year and its half, 2026-1 from January to July and 2026-2
-- from August. The sums are of steps 1 to 5, the numbers beside them of those who chose one.
CREATE TABLE evaluation_totals (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL,
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    evaluations INTEGER NOT NULL,
    used INTEGER NOT NULL,
    children INTEGER NOT NULL,
    again INTEGER NOT NULL,
    asked_again INTEGER NOT NULL,
    fun INTEGER NOT NULL,
    fun_sum INTEGER NOT NULL,
    easy INTEGER NOT NULL,
    easy_sum INTEGER NOT NULL,
    worth INTEGER NOT NULL,
    worth_sum INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, term, kit_type_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluation_totals_by_kit_type ON evaluation_totals (kit_type_id, term);

-- How often each answer was given to a question about a kit type in a term; "don't know" is an answer, a text is none.
CREATE TABLE answer_totals (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    term TEXT NOT NULL,
    question_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (kit_type_id, term, question_id, answer)
) STRICT, WITHOUT ROWID;

-- How often each answer was given to a scale question; the value 0 means "don't know".
CREATE TABLE scale_totals (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    question_id TEXT NOT NULL,
    value INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, kit_type_id, question_id, value)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER evaluations_counted_insert AFTER INSERT ON evaluations
WHEN NEW.submitted_at IS NOT NULL
BEGIN
    INSERT INTO evaluation_totals (organisation_id, term, kit_type_id, evaluations, used, children, again, asked_again,
        fun, fun_sum, easy, easy_sum, worth, worth_sum)
    VALUES (NEW.organisation_id,
        substr(NEW.submitted_on, 1, 4) || CASE WHEN substr(NEW.submitted_on, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.kit_type_id, 1, coalesce(NEW.used, 0), coalesce(NEW.children, 0),
        coalesce(NEW.answers ->> 'again' = 'yes', 0), NEW.answers ->> 'again' IS NOT NULL,
        coalesce(json_type(NEW.answers, '$.fun') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.fun') WHEN 'integer' THEN NEW.answers ->> 'fun' END, 0),
        coalesce(json_type(NEW.answers, '$.easy_start') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.easy_start') WHEN 'integer' THEN NEW.answers ->> 'easy_start' END, 0),
        coalesce(json_type(NEW.answers, '$.value') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.value') WHEN 'integer' THEN NEW.answers ->> 'value' END, 0))
    ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET
        evaluations = evaluations + 1,
        used = used + excluded.used,
        children = children + excluded.children,
        again = again + excluded.again,
        asked_again = asked_again + excluded.asked_again,
        fun = fun + excluded.fun,
        fun_sum = fun_sum + excluded.fun_sum,
        easy = easy + excluded.easy,
        easy_sum = easy_sum + excluded.easy_sum,
        worth = worth + excluded.worth,
        worth_sum = worth_sum + excluded.worth_sum;
END;
CREATE TRIGGER evaluations_counted_update AFTER UPDATE OF submitted_at ON evaluations
WHEN NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL
BEGIN
    INSERT INTO evaluation_totals (organisation_id, term, kit_type_id, evaluations, used, children, again, asked_again,
        fun, fun_sum, easy, easy_sum, worth, worth_sum)
    VALUES (NEW.organisation_id,
        substr(NEW.submitted_on, 1, 4) || CASE WHEN substr(NEW.submitted_on, 6, 2) < '08' THEN '-1' ELSE '-2' END,
        NEW.kit_type_id, 1, coalesce(NEW.used, 0), coalesce(NEW.children, 0),
        coalesce(NEW.answers ->> 'again' = 'yes', 0), NEW.answers ->> 'again' IS NOT NULL,
        coalesce(json_type(NEW.answers, '$.fun') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.fun') WHEN 'integer' THEN NEW.answers ->> 'fun' END, 0),
        coalesce(json_type(NEW.answers, '$.easy_start') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.easy_start') WHEN 'integer' THEN NEW.answers ->> 'easy_start' END, 0),
        coalesce(json_type(NEW.answers, '$.value') = 'integer', 0),
        coalesce(CASE json_type(NEW.answers, '$.value') WHEN 'integer' THEN NEW.answers ->> 'value' END, 0))
    ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET
        evaluations = evaluations + 1,
        used = used + excluded.used,
        children = children + excluded.children,
        again = again + excluded.again,
        asked_again = asked_again + excluded.asked_again,
        fun = fun + excluded.fun,
        fun_sum = fun_sum + excluded.fun_sum,
        easy = easy + excluded.easy,
        easy_sum = easy_sum + excluded.easy_sum,
        worth = worth + excluded.worth,
        worth_sum = worth_sum + excluded.worth_sum;
END;
CREATE TRIGGER evaluation_scales_counted AFTER INSERT ON evaluation_scales
BEGIN
    INSERT INTO scale_totals (organisation_id, kit_type_id, question_id, value, answers)
    VALUES (NEW.organisation_id, NEW.kit_type_id, NEW.question_id, coalesce(NEW.value, 0), 1)
    ON CONFLICT (organisation_id, kit_type_id, question_id, value) DO UPDATE SET answers = answers + 1;
END;

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
