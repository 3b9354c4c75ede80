-- Visits planned from the middle of the year on, most with the patient's own clinician.
SELECT
    'P' || plan.patient AS patient_id,
    CASE WHEN chance(plan.i, 'settled') < 0.9 THEN roster.npi END AS npi,
    roster.tin,
    day_of(plan.i, 'planned') + 181 AS planned_on,
    visit_of(chance(plan.i, 'plan')) AS kind
FROM (SELECT i, patient_of(i, 'planner', 40) AS patient FROM numbers()) AS plan
INNER JOIN roster ON roster.number = clinician_of(plan.patient, 'own clinician')
