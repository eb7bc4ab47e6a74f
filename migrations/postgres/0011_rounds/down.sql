DROP TABLE round_allocations;
DROP TABLE round_wishes;
DROP TABLE rounds;
