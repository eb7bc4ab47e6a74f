-- Organisations, their units and people, and how people sign in.

CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE CHECK (trim(name) <> ''),
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('sv', 'en', 'da')),
    evaluation_gate TEXT NOT NULL CHECK (evaluation_gate IN ('kit', 'unit')),
    evaluation_due_days INTEGER NOT NULL CHECK (evaluation_due_days BETWEEN 0 AND 90),
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE units (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    area TEXT NOT NULL,
    email TEXT NOT NULL,
    children INTEGER CHECK (children >= 0),
    street_address TEXT NOT NULL,
    delivery_weekday INTEGER CHECK (delivery_weekday BETWEEN 1 AND 7),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT units_name UNIQUE (organisation_id, name)
) STRICT;

-- A removed person stays as a row without name and address, so that loans and evaluations keep their history.
CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    email TEXT,
    name TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('sv', 'en', 'da')),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    CONSTRAINT people_email UNIQUE (organisation_id, email),
    CONSTRAINT people_removed CHECK ((removed_at IS NULL) = (email IS NOT NULL) AND (removed_at IS NULL OR name = ''))
) STRICT;
CREATE INDEX people_by_email ON people (email);

CREATE TABLE person_roles (
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('borrower', 'warehouse', 'developer', 'admin')),
    PRIMARY KEY (person_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_units (
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    PRIMARY KEY (person_id, unit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_units_by_unit ON person_units (unit_id);

-- Tokens and codes are kept as SHA-256, never as they were handed out. A session knows the address that was proved when
-- it began, if one was: only that opens the accounts that the address has in other organisations.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id BLOB NOT NULL REFERENCES people (id),
    email TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id BLOB NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_tokens_by_person ON api_tokens (person_id);

-- A sign-in proves an address, or is for one person, whom whoever runs the program vouches for.
CREATE TABLE sign_ins (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email TEXT,
    person_id BLOB REFERENCES people (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    CONSTRAINT sign_ins_for CHECK ((email IS NULL) <> (person_id IS NULL))
) STRICT;
CREATE INDEX sign_ins_by_expiry ON sign_ins (expires_at);
