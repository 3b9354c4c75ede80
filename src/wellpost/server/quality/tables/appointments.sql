-- Every visit that is planned and was not called off.
SELECT
  text_id(COALESCE(patient.merged_into_id, patient.id)) AS patient_id,
  clinician.npi AS npi,
  practice.tin AS tin,
  appointment.planned_on AS planned_on,
  appointment.kind AS kind
FROM quality_appointment AS appointment
JOIN people_patient AS patient ON patient.id = appointment.patient_id
JOIN people_practice AS practice ON practice.id = appointment.practice_id
LEFT JOIN people_clinician AS clinician ON clinician.id = appointment.clinician_id
WHERE appointment.cancelled_at IS NULL
