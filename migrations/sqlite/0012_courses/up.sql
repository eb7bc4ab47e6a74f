-- Courses that kit types can ask for: when they are given, and who has completed them.

CREATE TABLE courses (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    about TEXT NOT NULL,
    -- How a place is booked, in words or as an address.
    booking TEXT NOT NULL,
    -- How long a certificate is valid; for ever when not said.
    valid_months INTEGER CHECK (valid_months BETWEEN 1 AND 120),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    CONSTRAINT courses_name UNIQUE (organisation_id, name)
) STRICT;

-- Every course that a kit type asks for is needed.
CREATE TABLE kit_type_courses (
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    course_id BLOB NOT NULL REFERENCES courses (id),
    PRIMARY KEY (kit_type_id, course_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kit_type_courses_by_course ON kit_type_courses (course_id);

CREATE TABLE course_dates (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    course_id BLOB NOT NULL REFERENCES courses (id),
    day TEXT NOT NULL,
    -- The hours, as people write them: 13.00–15.30.
    hours TEXT NOT NULL,
    place TEXT NOT NULL,
    seats INTEGER CHECK (seats BETWEEN 1 AND 1000),
    note TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX course_dates_by_course ON course_dates (course_id, day);

-- That somebody has completed a course: a person, who brings it along to their units, or a unit as a whole. Both days
-- count.
CREATE TABLE certificates (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    course_id BLOB NOT NULL REFERENCES courses (id),
    person_id BLOB REFERENCES people (id),
    unit_id BLOB REFERENCES units (id),
    completed_on TEXT NOT NULL,
    expires_on TEXT,
    noted_by BLOB REFERENCES people (id),
    noted_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoke_reason TEXT,
    CONSTRAINT certificates_holder CHECK ((person_id IS NULL) <> (unit_id IS NULL)),
    CONSTRAINT certificates_days CHECK (expires_on >= completed_on),
    CONSTRAINT certificates_revoked CHECK (
        (revoked_at IS NULL) = (revoke_reason IS NULL) AND trim(coalesce(revoke_reason, '-')) <> '')
) STRICT;
CREATE INDEX certificates_by_organisation ON certificates (organisation_id, id);
CREATE INDEX certificates_by_course ON certificates (course_id, id);
CREATE INDEX certificates_by_person ON certificates (person_id, course_id);
CREATE INDEX certificates_by_unit ON certificates (unit_id, course_id);
