-- What is held of THE_TYPE: no id comes twice.
CREATE OR REPLACE VIEW THE_TYPE_held AS SELECT * FROM THE_TYPE_came
