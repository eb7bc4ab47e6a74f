DROP TABLE sign_ins;
DROP TABLE api_tokens;
DROP TABLE sessions;
DROP TABLE person_units;
DROP TABLE person_roles;
DROP TABLE people;
DROP TABLE units;
DROP TABLE organisations;
