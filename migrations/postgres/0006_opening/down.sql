DROP TABLE closures;
DROP TABLE opening;
