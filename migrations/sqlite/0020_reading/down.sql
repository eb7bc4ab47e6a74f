DROP TABLE collection_evaluations;
DROP TABLE collections;
DROP TABLE idea_banks;
DROP TABLE evaluation_themes;
DROP TABLE themes;
DROP TABLE readings;
DROP TABLE evaluation_index;
DROP TABLE evaluation_search;
