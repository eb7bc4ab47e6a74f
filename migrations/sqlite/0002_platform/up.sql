-- What every feature leans on: the event log, the outbox, periodic work, and stored answers to repeated commands.

CREATE TABLE events (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    at INTEGER NOT NULL,
    actor_id BLOB,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    action TEXT NOT NULL,
    change TEXT NOT NULL CHECK (json_valid(change))
) STRICT;
CREATE INDEX events_by_organisation ON events (organisation_id, id);
CREATE INDEX events_by_subject ON events (subject_id, id);

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events_append_only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events_append_only'); END;

CREATE TABLE mails (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    cause TEXT NOT NULL CONSTRAINT mails_cause UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX mails_by_state ON mails (state, due_at);
CREATE INDEX mails_by_organisation ON mails (organisation_id, id);

CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    next_run_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    last_run_at INTEGER,
    last_error TEXT
) STRICT;

CREATE TABLE idempotency_keys (
    person_id BLOB NOT NULL REFERENCES people (id),
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
