-- The editor of evaluation forms: the draft of an organisation's next version, and how much each version has been used.

CREATE TABLE form_drafts (
    organisation_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    form_version_id BLOB NOT NULL REFERENCES form_versions (id),
    form TEXT NOT NULL CHECK (json_valid(form)),
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by BLOB REFERENCES people (id)
) STRICT;

-- Submitted evaluations on each version. They are counted as they come: there may be very many.
CREATE TABLE form_totals (
    form_version_id BLOB NOT NULL PRIMARY KEY REFERENCES form_versions (id),
    evaluations INTEGER NOT NULL CHECK (evaluations > 0)
) STRICT;
INSERT INTO form_totals (form_version_id, evaluations)
SELECT form_version_id, count(*) FROM evaluations WHERE submitted_at IS NOT NULL GROUP BY form_version_id;

CREATE TRIGGER evaluations_form_counted_insert AFTER INSERT ON evaluations
WHEN NEW.submitted_at IS NOT NULL
BEGIN
    INSERT INTO form_totals (form_version_id, evaluations) VALUES (NEW.form_version_id, 1)
    ON CONFLICT (form_version_id) DO UPDATE SET evaluations = evaluations + 1;
END;
CREATE TRIGGER evaluations_form_counted_update AFTER UPDATE OF submitted_at ON evaluations
WHEN NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL
BEGIN
    INSERT INTO form_totals (form_version_id, evaluations) VALUES (NEW.form_version_id, 1)
    ON CONFLICT (form_version_id) DO UPDATE SET evaluations = evaluations + 1;
END;
