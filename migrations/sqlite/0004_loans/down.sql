DROP TABLE deviations;
DROP TABLE occupancies;
DROP TABLE queue_entries;
DROP TABLE loans;
DROP TABLE form_versions;
