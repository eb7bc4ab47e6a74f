DROP TRIGGER loans_evaluated_update;
DROP TRIGGER loans_evaluated_insert;
DROP TABLE evaluation_scales;
DROP TABLE evaluations;
