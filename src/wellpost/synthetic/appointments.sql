-- Visits planned from the middle of the year on, most with the patient's own clinician.
SELECT
    'P' || plan.patient AS patient_id,
    CASE WHEN chance(plan.i, 'settled', $seed) < 0.9 THEN roster.npi END AS npi,
    roster.tin,
    MAKE_DATE($year, 7, 1) + CAST(draw(plan.i, 'planned', $seed, 365, 1) AS INTEGER)
        AS planned_on,
    CASE WHEN plan.kind < 0.8 THEN 'office_visit' WHEN plan.kind < 0.95 THEN 'telehealth'
        ELSE 'other' END AS kind
FROM (
    SELECT
        i,
        draw(i, 'planner', $seed, $patients, 1.2) AS patient,
        chance(i, 'plan', $seed) AS kind
    FROM RANGE($rows) AS made(i)
) AS plan
INNER JOIN roster ON roster.number = clinician_of(plan.patient, $seed, $clinicians)
ORDER BY plan.i
