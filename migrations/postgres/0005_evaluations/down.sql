DROP TRIGGER loans_evaluated ON loans;
DROP FUNCTION loan_needs_evaluation;
DROP TABLE evaluation_scales;
DROP TABLE evaluations;
