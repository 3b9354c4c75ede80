-- Each use of the patient's information, with the practice whose portal it was.
SELECT
  text_id(COALESCE(patient.merged_into_id, patient.id)) AS patient_id,
  practice.tin AS tin,
  deed.acted_on AS acted_on,
  deed.action AS action,
  deed.acted_by AS acted_by
FROM records_portalaction AS deed
JOIN people_patient AS patient ON patient.id = deed.patient_id
JOIN people_practice AS practice ON practice.id = deed.practice_id
