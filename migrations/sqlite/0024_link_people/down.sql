CREATE TABLE evaluation_links_old (
    secret_hash BLOB NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
    loan_id BLOB NOT NULL REFERENCES loans (id),
    asked_for INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT evaluation_links_expiry CHECK (expires_at > created_at)
) STRICT;
INSERT INTO evaluation_links_old (secret_hash, loan_id, asked_for, created_at, expires_at)
SELECT secret_hash, loan_id, asked_for, created_at, expires_at FROM evaluation_links;
DROP TABLE evaluation_links;
ALTER TABLE evaluation_links_old RENAME TO evaluation_links;
CREATE INDEX evaluation_links_by_loan ON evaluation_links (loan_id, created_at);
CREATE INDEX evaluation_links_by_expiry ON evaluation_links (expires_at);
