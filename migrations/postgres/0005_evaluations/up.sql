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
CREATE INDEX evaluation_scales_by_day
    ON evaluation_scales (organisation_id, submitted_on, kit_type_id, question_id, value);
CREATE INDEX evaluation_scales_by_kit_type ON evaluation_scales (kit_type_id, submitted_on, question_id, value);
CREATE INDEX evaluation_scales_by_unit ON evaluation_scales (unit_id, submitted_on, kit_type_id, question_id, value);

-- What the evaluations of a kit type that came in during a term add up to, counted as they come in, so that what is asked
-- of some terms does not take longer with every year. A term is a year and its half, 2026-1 from January to July and 2026-2
-- from August. The sums are of steps 1 to 5, the numbers beside them of those who chose one.
CREATE TABLE evaluation_totals (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    term TEXT NOT NULL COLLATE "C",
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    evaluations BIGINT NOT NULL,
    used BIGINT NOT NULL,
    children BIGINT NOT NULL,
    again BIGINT NOT NULL,
    asked_again BIGINT NOT NULL,
    fun BIGINT NOT NULL,
    fun_sum BIGINT NOT NULL,
    easy BIGINT NOT NULL,
    easy_sum BIGINT NOT NULL,
    worth BIGINT NOT NULL,
    worth_sum BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, term, kit_type_id)
);
CREATE INDEX evaluation_totals_by_kit_type ON evaluation_totals (kit_type_id, term);

-- How often each answer was given to a question about a kit type in a term; "don't know" is an answer, a text is none.
CREATE TABLE answer_totals (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    term TEXT NOT NULL COLLATE "C",
    question_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (kit_type_id, term, question_id, answer)
);

-- How often each answer was given to a scale question; the value 0 means "don't know".
CREATE TABLE scale_totals (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    question_id TEXT NOT NULL,
    value INTEGER NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, kit_type_id, question_id, value)
);

-- The step that was chosen on a scale; none for "don't know", and when nothing was.
CREATE FUNCTION chosen_step(answer JSONB) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(answer) WHEN 'number' THEN (answer #>> '{}')::int END
$$;
CREATE FUNCTION count_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fun_step INTEGER := chosen_step(NEW.answers -> 'fun');
    easy_step INTEGER := chosen_step(NEW.answers -> 'easy_start');
    worth_step INTEGER := chosen_step(NEW.answers -> 'value');
BEGIN
    INSERT INTO evaluation_totals AS t (organisation_id, term, kit_type_id, evaluations, used, children, again,
        asked_again, fun, fun_sum, easy, easy_sum, worth, worth_sum)
    VALUES (NEW.organisation_id,
        to_char(NEW.submitted_on, 'YYYY') || CASE WHEN extract(month FROM NEW.submitted_on) < 8 THEN '-1' ELSE '-2' END,
        NEW.kit_type_id, 1, coalesce(NEW.used, false)::int, coalesce(NEW.children, 0),
        coalesce(NEW.answers ->> 'again' = 'yes', false)::int, (NEW.answers ->> 'again' IS NOT NULL)::int,
        (fun_step IS NOT NULL)::int, coalesce(fun_step, 0), (easy_step IS NOT NULL)::int, coalesce(easy_step, 0),
        (worth_step IS NOT NULL)::int, coalesce(worth_step, 0))
    ON CONFLICT (organisation_id, term, kit_type_id) DO UPDATE SET
        evaluations = t.evaluations + 1,
        used = t.used + excluded.used,
        children = t.children + excluded.children,
        again = t.again + excluded.again,
        asked_again = t.asked_again + excluded.asked_again,
        fun = t.fun + excluded.fun,
        fun_sum = t.fun_sum + excluded.fun_sum,
        easy = t.easy + excluded.easy,
        easy_sum = t.easy_sum + excluded.easy_sum,
        worth = t.worth + excluded.worth,
        worth_sum = t.worth_sum + excluded.worth_sum;
    RETURN NULL;
END
$$;
CREATE TRIGGER evaluations_counted_insert AFTER INSERT ON evaluations
FOR EACH ROW
WHEN (NEW.submitted_at IS NOT NULL)
EXECUTE FUNCTION count_evaluation();
CREATE TRIGGER evaluations_counted_update AFTER UPDATE OF submitted_at ON evaluations
FOR EACH ROW
WHEN (NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL)
EXECUTE FUNCTION count_evaluation();

CREATE FUNCTION count_scales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scale_totals AS t (organisation_id, kit_type_id, question_id, value, answers)
    SELECT organisation_id, kit_type_id, question_id, coalesce(value, 0), count(*)
    FROM added GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (organisation_id, kit_type_id, question_id, value)
        DO UPDATE SET answers = t.answers + excluded.answers;
    RETURN NULL;
END
$$;
CREATE TRIGGER evaluation_scales_counted AFTER INSERT ON evaluation_scales
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_scales();

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
