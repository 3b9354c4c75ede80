-- What was read as THE_TYPE and the patient's side had a hand in.
CREATE OR REPLACE VIEW THE_TYPE_came AS SELECT * FROM THE_TYPE_read WHERE taken AND NOT odd
