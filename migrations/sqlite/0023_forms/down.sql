DROP TRIGGER evaluations_form_counted_insert;
DROP TRIGGER evaluations_form_counted_update;
DROP TABLE form_totals;
DROP TABLE form_drafts;
