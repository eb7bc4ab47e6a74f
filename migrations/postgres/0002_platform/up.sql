-- What every feature leans on: the event log, the outbox, periodic work, and stored answers to repeated commands.

CREATE TABLE events (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    action TEXT NOT NULL,
    change JSONB NOT NULL
);
CREATE INDEX events_by_organisation ON events (organisation_id, id);
CREATE INDEX events_by_subject ON events (subject_id, id);

-- Refuses the change under the name given to the trigger.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
FOR EACH ROW EXECUTE FUNCTION refuse('events_append_only');
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
FOR EACH ROW EXECUTE FUNCTION refuse('events_append_only');

CREATE TABLE mails (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    cause TEXT NOT NULL CONSTRAINT mails_cause UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    last_error TEXT
);
CREATE INDEX mails_by_state ON mails (state, due_at);
CREATE INDEX mails_by_organisation ON mails (organisation_id, id);

CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    next_run_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    last_run_at TIMESTAMPTZ,
    last_error TEXT
);

CREATE TABLE idempotency_keys (
    person_id UUID NOT NULL REFERENCES people (id),
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
