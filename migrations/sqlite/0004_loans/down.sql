DROP TABLE deviations;
DROP TABLE occupancies;
DROP TABLE loans;
DROP TABLE form_versions;
