DROP TABLE kits_to_check;
DROP TABLE deviation_photos;
DROP TABLE deviations;
DROP TABLE content_checks;
