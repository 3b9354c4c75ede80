-- Every reference that may mean a patient.
CREATE OR REPLACE VIEW reference_to_patient AS
SELECT patient AS one FROM encounter
UNION ALL SELECT patient FROM communication
UNION ALL SELECT party FROM communication
UNION ALL SELECT from_whom FROM communication WHERE from_whom.kind = 'Patient'
UNION ALL SELECT patient FROM observation
UNION ALL SELECT patient FROM document
UNION ALL SELECT touched FROM event
UNION ALL SELECT acting FROM event
UNION ALL SELECT patient FROM related_person
UNION ALL SELECT party FROM appointment
UNION ALL SELECT replaced_by FROM patient
UNION ALL SELECT patient FROM comes_again
UNION ALL SELECT next_patient FROM comes_again
