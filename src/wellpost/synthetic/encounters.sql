-- Three visits in four are with the patient's own clinician.
WITH visit AS (
    SELECT
        i,
        draw(i, 'patient', $seed, $patients, 1.2) AS patient,
        chance(i, 'own', $seed) < 0.75 AS is_own,
        chance(i, 'kind', $seed) AS kind
    FROM RANGE($rows) AS made(i)
)
SELECT
    'E' || visit.i AS encounter_id,
    'P' || visit.patient AS patient_id,
    roster.npi,
    CASE WHEN chance(visit.i, 'practice', $seed) < 0.3 THEN COALESCE(roster.other, roster.tin)
        ELSE roster.tin END AS tin,
    MAKE_DATE($year, 1, 1) + CAST(draw(visit.i, 'day', $seed, 365, 1) AS INTEGER) AS seen_on,
    CASE WHEN visit.kind < 0.7 THEN 'office_visit' WHEN visit.kind < 0.85 THEN 'telehealth'
        ELSE 'other' END AS kind,
    LPAD(CAST(23001 + 2 * draw(visit.patient, 'county', $seed, 16, 1) AS VARCHAR), 5, '0')
        AS county,
    chance(visit.i, 'certified', $seed) < 0.95 AS certified_location
FROM visit
INNER JOIN roster
    ON roster.number = CASE
        WHEN visit.is_own THEN clinician_of(visit.patient, $seed, $clinicians)
        ELSE draw(visit.i, 'clinician', $seed, $clinicians, 1.3)
    END
ORDER BY visit.i
