-- How often each step of a scale was chosen in a month, counted as the answers come in, so that what is asked of a period
-- takes no longer when more was answered in it. All answers are counted beside the steps; the rest is "don't know".
-- A month is its first day. The order is that in which sums are made.
CREATE TABLE scale_months (
    kit_type_id BLOB NOT NULL REFERENCES kit_types (id),
    question_id TEXT NOT NULL,
    month TEXT NOT NULL CHECK (month LIKE '____-__-01'),
    answers INTEGER NOT NULL,
    one INTEGER NOT NULL,
    two INTEGER NOT NULL,
    three INTEGER NOT NULL,
    four INTEGER NOT NULL,
    five INTEGER NOT NULL,
    PRIMARY KEY (kit_type_id, question_id, month)
) STRICT, WITHOUT ROWID;

INSERT INTO scale_months (kit_type_id, question_id, month, answers, one, two, three, four, five)
SELECT kit_type_id, question_id, substr(submitted_on, 1, 8) || '01', count(*), count(*) FILTER (WHERE value = 1),
    count(*) FILTER (WHERE value = 2), count(*) FILTER (WHERE value = 3), count(*) FILTER (WHERE value = 4),
    count(*) FILTER (WHERE value = 5)
FROM evaluation_scales GROUP BY 1, 2, 3;

CREATE TRIGGER evaluation_scales_counted_by_month AFTER INSERT ON evaluation_scales
BEGIN
    INSERT INTO scale_months (kit_type_id, question_id, month, answers, one, two, three, four, five)
    VALUES (NEW.kit_type_id, NEW.question_id, substr(NEW.submitted_on, 1, 8) || '01', 1, NEW.value IS 1, NEW.value IS 2,
        NEW.value IS 3, NEW.value IS 4, NEW.value IS 5)
    ON CONFLICT (kit_type_id, question_id, month) DO UPDATE SET
        answers = answers + 1,
        one = one + excluded.one,
        two = two + excluded.two,
        three = three + excluded.three,
        four = four + excluded.four,
        five = five + excluded.five;
END;
