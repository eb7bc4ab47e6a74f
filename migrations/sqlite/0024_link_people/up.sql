-- A link to an evaluation has an id, by which it is listed and ended, and may belong to one person: it works only as long as
-- they act for the unit. One without a person is the unit's own.

CREATE TABLE evaluation_links_new (
    secret_hash BLOB NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
    loan_id BLOB NOT NULL REFERENCES loans (id),
    asked_for INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    person_id BLOB REFERENCES people (id),
    CONSTRAINT evaluation_links_expiry CHECK (expires_at > created_at)
) STRICT;
INSERT INTO evaluation_links_new (secret_hash, loan_id, asked_for, created_at, expires_at, id)
SELECT secret_hash, loan_id, asked_for, created_at, expires_at, randomblob(16) FROM evaluation_links;
DROP TABLE evaluation_links;
ALTER TABLE evaluation_links_new RENAME TO evaluation_links;
CREATE INDEX evaluation_links_by_loan ON evaluation_links (loan_id, created_at);
CREATE INDEX evaluation_links_by_expiry ON evaluation_links (expires_at);
