DROP TRIGGER loans_evaluated_update;
DROP TRIGGER loans_evaluated_insert;
DROP TABLE scale_totals;
DROP TABLE answer_totals;
DROP TABLE evaluation_totals;
DROP TABLE evaluation_scales;
DROP TABLE evaluations;
