CREATE INDEX evaluation_scales_by_day
    ON evaluation_scales (organisation_id, submitted_on, kit_type_id, question_id, value);
CREATE INDEX evaluations_by_unit ON evaluations (unit_id, submitted_at, id);
CREATE INDEX evaluations_by_kit_type ON evaluations (kit_type_id, submitted_at, id);
CREATE INDEX evaluations_by_organisation ON evaluations (organisation_id, submitted_at, id);
DROP INDEX kits_to_lend;
DROP INDEX units_by_area;
DROP INDEX units_by_name;
DROP INDEX kit_types_by_name;
DROP TRIGGER loans_counted_update;
DROP TRIGGER loans_uncounted;
DROP TRIGGER loans_counted_insert;
DROP TABLE unit_totals;
DROP TABLE loan_totals;
