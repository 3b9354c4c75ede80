CREATE OR REPLACE VIEW patient_data AS
SELECT patient_id, npi, received_on, incorporated_on, source
FROM judged_patient_data
WHERE reason IS NULL
