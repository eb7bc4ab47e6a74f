DROP TABLE print_jobs;
DROP TABLE printers;
DROP TABLE label_prints;
DROP TRIGGER kits_code_fixed ON kits;
DROP FUNCTION kits_code_fixed();
CREATE TRIGGER kits_code_fixed BEFORE UPDATE OF code, kit_type_id, organisation_id ON kits
FOR EACH ROW
WHEN (NEW.code <> OLD.code OR NEW.kit_type_id <> OLD.kit_type_id OR NEW.organisation_id <> OLD.organisation_id)
EXECUTE FUNCTION refuse('kits_code_fixed');
DROP TRIGGER kits_code_own ON kits;
DROP FUNCTION kits_code_own();
DROP TABLE kit_codes;
DROP FUNCTION kit_codes_own();
