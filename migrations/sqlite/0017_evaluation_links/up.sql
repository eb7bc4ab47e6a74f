-- Links by which anyone at a unit writes the evaluation of one loan, without an account. A link's secret is kept as
-- SHA-256, never as it was mailed. A link is asked for when somebody wanted one just then, and not by a mail of its own.

CREATE TABLE evaluation_links (
    secret_hash BLOB NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
    loan_id BLOB NOT NULL REFERENCES loans (id),
    asked_for INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT evaluation_links_expiry CHECK (expires_at > created_at)
) STRICT;
CREATE INDEX evaluation_links_by_loan ON evaluation_links (loan_id, created_at);
CREATE INDEX evaluation_links_by_expiry ON evaluation_links (expires_at);
