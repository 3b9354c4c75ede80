-- Every encounter that stands. A merged record's are those of the record that survives.
SELECT
  text_id(encounter.id) AS encounter_id,
  text_id(COALESCE(patient.merged_into_id, patient.id)) AS patient_id,
  clinician.npi AS npi,
  practice.tin AS tin,
  encounter.seen_on AS seen_on,
  encounter.kind AS kind,
  NULLIF(encounter.county, '') AS county,
  encounter.certified_location AS certified_location
FROM records_encounter AS encounter
JOIN people_patient AS patient ON patient.id = encounter.patient_id
JOIN people_clinician AS clinician ON clinician.id = encounter.clinician_id
JOIN people_practice AS practice ON practice.id = encounter.practice_id
WHERE encounter.cancelled_at IS NULL
