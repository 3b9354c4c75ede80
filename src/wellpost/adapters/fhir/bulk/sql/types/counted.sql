-- How many came, and how many of those are the clinic's own.
SELECT count(*), 0 FROM THE_TYPE_read WHERE NOT odd
