-- What came from patients, and the day it was incorporated into the record.
SELECT
  text_id(COALESCE(patient.merged_into_id, patient.id)) AS patient_id,
  clinician.npi AS npi,
  datum.received_on AS received_on,
  datum.incorporated_on AS incorporated_on,
  datum.source AS source
FROM records_patientdatum AS datum
JOIN people_patient AS patient ON patient.id = datum.patient_id
JOIN people_practice AS practice ON practice.id = datum.practice_id
LEFT JOIN people_clinician AS clinician ON clinician.id = datum.clinician_id
