DROP TABLE occupancies;
DROP TABLE service_jobs;
DROP TABLE queue_entries;
DROP TABLE loans;
DROP TABLE form_versions;
