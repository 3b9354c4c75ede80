SELECT
    'P' || given.patient AS patient_id,
    roster.npi,
    given.received_on,
    CASE WHEN chance(given.i, 'incorporated', $seed) < 0.6
        THEN given.received_on + CAST(draw(given.i, 'wait', $seed, 20, 1) AS INTEGER)
    END AS incorporated_on,
    CASE WHEN given.kind < 0.5 THEN 'patient' WHEN given.kind < 0.9 THEN 'device'
        ELSE 'non_clinical_setting' END AS source
FROM (
    SELECT
        i,
        draw(i, 'giver', $seed, $patients, 2) AS patient,
        chance(i, 'source', $seed) AS kind,
        MAKE_DATE($year, 1, 1) + CAST(draw(i, 'received', $seed, 365, 1) AS INTEGER)
            AS received_on
    FROM RANGE($rows) AS made(i)
) AS given
INNER JOIN roster ON roster.number = clinician_of(given.patient, $seed, $clinicians)
ORDER BY given.i
