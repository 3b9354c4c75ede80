-- Few patients use the portal most; one act in ten is of no particular practice's portal.
SELECT
    'P' || acts.patient AS patient_id,
    CASE WHEN chance(acts.i, 'portal') < 0.9 THEN roster.tin END AS tin,
    day_of(acts.i, 'acted') AS acted_on,
    CASE WHEN acts.kind < 0.8 THEN CAST('view' AS act) WHEN acts.kind < 0.9
        THEN CAST('download' AS act) WHEN acts.kind < 0.92 THEN CAST('transmit' AS act)
        ELSE CAST('api' AS act) END AS action,
    CASE WHEN acts.actor < 0.85 THEN CAST('patient' AS person)
        WHEN acts.actor < 0.95 THEN CAST('representative' AS person)
        WHEN acts.actor < 0.98 THEN CAST('clinician' AS person)
        ELSE CAST('staff' AS person) END AS acted_by
FROM (
    SELECT
        i,
        patient_of(i, 'actor', 400) AS patient,
        chance(i, 'action') AS kind,
        chance(i, 'by') AS actor
    FROM numbers()
) AS acts
INNER JOIN roster ON roster.number = clinician_of(acts.patient, 'own clinician')
