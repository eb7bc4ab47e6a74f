DROP TABLE print_jobs;
DROP TABLE printers;
DROP TABLE label_prints;
DROP TRIGGER kits_code_own;
DROP TABLE kit_codes;
DROP TRIGGER kits_code_fixed;
CREATE TRIGGER kits_code_fixed BEFORE UPDATE OF code, kit_type_id, organisation_id ON kits
WHEN NEW.code <> OLD.code OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.organisation_id <> OLD.organisation_id
BEGIN SELECT RAISE(ABORT, 'kits_code_fixed'); END;
