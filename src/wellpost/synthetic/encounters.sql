-- Three visits in four are with the patient's own clinician, the others with anybody.
SELECT
    'E' || visits.i AS encounter_id,
    'P' || visits.patient AS patient_id,
    roster.npi,
    CASE WHEN chance(visits.i, 'practice') < 0.3 THEN roster.other ELSE roster.tin END AS tin,
    day_of(visits.i, 'day') AS seen_on,
    visit_of(chance(visits.i, 'kind')) AS kind,
    roster.county,
    chance(visits.i, 'certified') < 0.95 AS certified_location
FROM (SELECT i, patient_of(i, 'patient', 40) AS patient FROM numbers()) AS visits
INNER JOIN roster
    ON roster.number = CASE WHEN chance(visits.i, 'own') < 0.75
        THEN clinician_of(visits.patient, 'own clinician')
        ELSE clinician_of(visits.i, 'clinician') END
