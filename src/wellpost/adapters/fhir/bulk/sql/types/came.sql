-- What was read as THE_TYPE and is taken; of lines that are something else the walk takes care.
CREATE OR REPLACE VIEW THE_TYPE_came AS SELECT * FROM THE_TYPE_read WHERE NOT odd
