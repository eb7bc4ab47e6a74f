DROP TABLE exchange_figures;
DROP TABLE exchange_files;
