-- Patients who wrote about another one, with the record that stands for them.
CREATE OR REPLACE TABLE patients_writing AS
SELECT id, standing FROM patients WHERE id IN (SELECT writer_id FROM message WHERE for_another)
