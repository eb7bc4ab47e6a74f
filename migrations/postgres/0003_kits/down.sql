DROP TABLE put_away;
DROP TABLE kits;
DROP TABLE content_lines;
DROP TABLE kit_types;
