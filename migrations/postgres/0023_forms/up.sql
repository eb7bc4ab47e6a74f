-- The editor of evaluation forms: the draft of an organisation's next version, and how much each version has been used.

CREATE TABLE form_drafts (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    form_version_id UUID NOT NULL REFERENCES form_versions (id),
    form JSONB NOT NULL,
    version INTEGER NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by UUID REFERENCES people (id)
);

-- Submitted evaluations on each version. They are counted as they come: there may be very many.
CREATE TABLE form_totals (
    form_version_id UUID NOT NULL PRIMARY KEY REFERENCES form_versions (id),
    evaluations BIGINT NOT NULL CHECK (evaluations > 0)
);
INSERT INTO form_totals (form_version_id, evaluations)
SELECT form_version_id, count(*) FROM evaluations WHERE submitted_at IS NOT NULL GROUP BY form_version_id;

CREATE FUNCTION count_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO form_totals AS t (form_version_id, evaluations) VALUES (NEW.form_version_id, 1)
    ON CONFLICT (form_version_id) DO UPDATE SET evaluations = t.evaluations + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER evaluations_form_counted_insert AFTER INSERT ON evaluations
FOR EACH ROW
WHEN (NEW.submitted_at IS NOT NULL)
EXECUTE FUNCTION count_form();
CREATE TRIGGER evaluations_form_counted_update AFTER UPDATE OF submitted_at ON evaluations
FOR EACH ROW
WHEN (NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL)
EXECUTE FUNCTION count_form();
