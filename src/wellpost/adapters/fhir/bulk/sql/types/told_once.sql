-- What is told of each thing: nothing is told twice.
CREATE OR REPLACE VIEW THE_TYPE AS SELECT target, npi, only_tin, on_day FROM THE_TYPE_told
