-- When the warehouse is open. An organisation without a row has not said, and is open every day.

CREATE TABLE opening (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    -- One bit for each day of the week, Monday the lowest.
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    holidays TEXT NOT NULL CHECK (holidays IN ('none', 'sweden', 'denmark')),
    version INTEGER NOT NULL
);

CREATE TABLE closures (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    reason TEXT NOT NULL CHECK (trim(reason) <> ''),
    CHECK (last_day >= first_day)
);
CREATE INDEX closures_by_organisation ON closures (organisation_id, last_day);
