DROP TABLE scan_series;
