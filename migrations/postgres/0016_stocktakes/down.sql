DROP INDEX kits_by_shelf;
DROP TABLE stocktake_lines;
DROP TABLE stocktake_scans;
DROP TABLE stocktake_shelves;
DROP TABLE stocktakes;
