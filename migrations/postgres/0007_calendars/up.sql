-- Private addresses of calendars that other programs subscribe to: a unit's loans, or, without a unit, the warehouse's
-- work. The address is kept as SHA-256, never as it was handed out.

CREATE TABLE calendars (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    unit_id UUID REFERENCES units (id),
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    language TEXT NOT NULL CHECK (language IN ('sv', 'en', 'da')),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX calendars_by_organisation ON calendars (organisation_id, unit_id);
