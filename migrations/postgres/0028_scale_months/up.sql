-- How often each step of a scale was chosen in a month, counted as the answers come in, so that what is asked of a period
-- takes no longer when more was answered in it. All answers are counted beside the steps; the rest is "don't know".
-- A month is its first day. It stands before the question in the key, since PostgreSQL adds up in any order.
CREATE TABLE scale_months (
    kit_type_id UUID NOT NULL REFERENCES kit_types (id),
    question_id TEXT NOT NULL,
    month DATE NOT NULL CHECK (extract(day FROM month) = 1),
    answers INTEGER NOT NULL,
    one INTEGER NOT NULL,
    two INTEGER NOT NULL,
    three INTEGER NOT NULL,
    four INTEGER NOT NULL,
    five INTEGER NOT NULL,
    PRIMARY KEY (kit_type_id, month, question_id)
);

CREATE FUNCTION month_of(day DATE) RETURNS DATE LANGUAGE sql IMMUTABLE AS $$
    SELECT day - (extract(day FROM day)::int - 1)
$$;

CREATE FUNCTION count_scales_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scale_months AS t (kit_type_id, question_id, month, answers, one, two, three, four, five)
    SELECT kit_type_id, question_id, month_of(submitted_on), count(*), count(*) FILTER (WHERE value = 1),
        count(*) FILTER (WHERE value = 2), count(*) FILTER (WHERE value = 3), count(*) FILTER (WHERE value = 4),
        count(*) FILTER (WHERE value = 5)
    FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (kit_type_id, month, question_id) DO UPDATE SET
        answers = t.answers + excluded.answers,
        one = t.one + excluded.one,
        two = t.two + excluded.two,
        three = t.three + excluded.three,
        four = t.four + excluded.four,
        five = t.five + excluded.five;
    RETURN NULL;
END
$$;
CREATE TRIGGER evaluation_scales_counted_by_month AFTER INSERT ON evaluation_scales
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_scales_by_month();

-- Last: the trigger has stopped those who write, so that no answer is missed.
INSERT INTO scale_months (kit_type_id, question_id, month, answers, one, two, three, four, five)
SELECT kit_type_id, question_id, month_of(submitted_on), count(*), count(*) FILTER (WHERE value = 1),
    count(*) FILTER (WHERE value = 2), count(*) FILTER (WHERE value = 3), count(*) FILTER (WHERE value = 4),
    count(*) FILTER (WHERE value = 5)
FROM evaluation_scales GROUP BY 1, 2, 3 ORDER BY 1, 3, 2;
