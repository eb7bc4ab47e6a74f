-- SQLite's index of scales by kit type gets another order. Here the old one is as quick, since PostgreSQL adds up in any order.
SELECT 1;
