DROP TABLE evaluation_links;
