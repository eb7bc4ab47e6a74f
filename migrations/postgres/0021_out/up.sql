-- What leaves for other programs: what has changed since, messages to their addresses, and figures of other municipalities.

-- What has changed since a moment is read from the log: every change of a thing is there.
CREATE INDEX events_by_kind ON events (organisation_id, subject_kind, at, id);

-- Addresses of other programs that are told of what happens, each with the secret that its messages are signed with.
CREATE TABLE webhooks (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (name <> ''),
    url TEXT NOT NULL CHECK (url <> ''),
    secret BYTEA NOT NULL CHECK (octet_length(secret) = 32),
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'failing', 'gone')),
    state_since TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX webhooks_by_organisation ON webhooks (organisation_id, id);
CREATE INDEX webhooks_by_state ON webhooks (state, id);

-- Messages on their way. One address is told of a thing once.
CREATE TABLE webhook_deliveries (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    webhook_id UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    last_error TEXT,
    CONSTRAINT webhook_deliveries_once UNIQUE (webhook_id, kind, subject_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, state, due_at);
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
