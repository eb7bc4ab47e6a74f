DROP TRIGGER loans_evaluated ON loans;
DROP FUNCTION loan_needs_evaluation;
DROP TABLE scale_totals;
DROP TABLE evaluation_totals;
DROP TABLE evaluation_scales;
DROP TABLE evaluations;
DROP FUNCTION count_scales;
DROP FUNCTION count_evaluation;
