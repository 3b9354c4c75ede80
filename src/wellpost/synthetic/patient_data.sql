SELECT
    'P' || given.patient AS patient_id,
    roster.npi,
    given.received_on,
    CASE WHEN chance(given.i, 'incorporated') < 0.6
        THEN given.received_on + CAST(draw(given.i, 'wait', 20) AS INTEGER) END AS incorporated_on,
    CASE WHEN given.kind < 0.5 THEN CAST('patient' AS giver)
        WHEN given.kind < 0.9 THEN CAST('device' AS giver)
        ELSE CAST('non_clinical_setting' AS giver) END AS source
FROM (
    SELECT
        i,
        patient_of(i, 'giver', 400) AS patient,
        chance(i, 'source') AS kind,
        day_of(i, 'received') AS received_on
    FROM numbers()
) AS given
INNER JOIN roster ON roster.number = clinician_of(given.patient, 'own clinician')
