-- Season rounds: before a term units rank wishes, and the kits are allocated among them.

CREATE TABLE rounds (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    most_wishes INTEGER NOT NULL CHECK (most_wishes BETWEEN 1 AND 10),
    lot INTEGER NOT NULL,
    announced_at INTEGER,
    closed_at INTEGER,
    allocated_at INTEGER,
    published_at INTEGER,
    cancelled_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT rounds_days CHECK (last_day >= first_day AND closes_on >= opens_on),
    CONSTRAINT rounds_published CHECK (published_at IS NULL OR (allocated_at IS NOT NULL AND cancelled_at IS NULL))
) STRICT;
CREATE INDEX rounds_by_organisation ON rounds (organisation_id, first_day);

-- A unit wishes for a type once. Without weeks of its own a wish is for the whole term.
CREATE TABLE round_wishes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    round_id BLOB NOT NULL REFERENCES rounds (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    rank INTEGER NOT NULL CHECK (rank >= 1),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    earliest TEXT,
    latest TEXT,
    days INTEGER NOT NULL CHECK (days >= 1),
    CONSTRAINT round_wishes_weeks CHECK (earliest IS NULL OR latest IS NULL OR latest >= earliest),
    CONSTRAINT round_wishes_rank UNIQUE (round_id, unit_id, rank),
    CONSTRAINT round_wishes_type UNIQUE (round_id, unit_id, kit_type_id)
) STRICT;

-- What a unit gets: days, or a reason why not. What was added by hand answers no wish. The loan is there once it is published.
CREATE TABLE round_allocations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    round_id BLOB NOT NULL REFERENCES rounds (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    wish_id BLOB UNIQUE REFERENCES round_wishes (id),
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    first_day TEXT,
    last_day TEXT,
    reason TEXT CHECK (reason IN ('full', 'closed', 'retired', 'no_kits', 'at_once', 'removed')),
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    loan_id BLOB UNIQUE REFERENCES loans (id),
    CONSTRAINT round_allocations_answer CHECK (
        (first_day IS NULL) = (last_day IS NULL) AND (first_day IS NULL) = (reason IS NOT NULL)
        AND (first_day IS NULL OR last_day >= first_day) AND (loan_id IS NULL OR first_day IS NOT NULL))
) STRICT;
CREATE INDEX round_allocations_by_round ON round_allocations (round_id, unit_id);
