DROP TABLE loan_risks;
DROP INDEX loans_by_bundle;
ALTER TABLE loans DROP COLUMN bundle_id;
DROP TABLE loan_rules;
