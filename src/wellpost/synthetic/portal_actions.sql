SELECT
    'P' || act.patient AS patient_id,
    CASE WHEN chance(act.i, 'portal', $seed) < 0.9 THEN roster.tin END AS tin,
    MAKE_DATE($year, 1, 1) + CAST(draw(act.i, 'acted', $seed, 365, 1) AS INTEGER) AS acted_on,
    CASE WHEN act.kind < 0.8 THEN 'view' WHEN act.kind < 0.9 THEN 'download'
        WHEN act.kind < 0.92 THEN 'transmit' ELSE 'api' END AS action,
    CASE WHEN act.actor < 0.85 THEN 'patient' WHEN act.actor < 0.95 THEN 'representative'
        WHEN act.actor < 0.98 THEN 'clinician' ELSE 'staff' END AS acted_by
FROM (
    SELECT
        i,
        draw(i, 'actor', $seed, $patients, 2) AS patient,
        chance(i, 'action', $seed) AS kind,
        chance(i, 'by', $seed) AS actor
    FROM RANGE($rows) AS made(i)
) AS act
INNER JOIN roster ON roster.number = clinician_of(act.patient, $seed, $clinicians)
ORDER BY act.i
