DROP TRIGGER evaluations_form_counted_insert ON evaluations;
DROP TRIGGER evaluations_form_counted_update ON evaluations;
DROP FUNCTION count_form;
DROP TABLE form_totals;
DROP TABLE form_drafts;
