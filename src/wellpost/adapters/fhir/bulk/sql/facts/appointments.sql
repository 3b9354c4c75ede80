CREATE OR REPLACE VIEW appointments AS
SELECT patient_id, npi, tin, planned_on, kind
FROM judged_appointments
WHERE reason IS NULL
