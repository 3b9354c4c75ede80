-- How many resources with a subject come again further on; apart those of which the next of the same
-- id is of another patient or of none. Of one that is of none nothing is lost. And three of the first.
WITH compared AS (
    SELECT
        a.came_as,
        a.file,
        a.id,
        whose(coalesce(p.standing, n.standing, a.patient_id), a.patient) AS of,
        whose(
            coalesce(next_p.standing, next_n.standing, a.next_patient_id), a.next_patient
        ) AS next_of
    FROM comes_again AS a
    LEFT JOIN patients AS p ON p.id = id_of_patient(a.patient_id, a.patient)
    LEFT JOIN named AS n
        ON n.system = a.patient.system AND n.value = a.patient.value
        AND a.patient.kind IN ('', 'Patient')
    LEFT JOIN patients AS next_p ON next_p.id = id_of_patient(a.next_patient_id, a.next_patient)
    LEFT JOIN named AS next_n
        ON next_n.system = a.next_patient.system AND next_n.value = a.next_patient.value
        AND a.next_patient.kind IN ('', 'Patient')
)
SELECT
    came_as,
    CASE
        WHEN of IS NOT NULL AND of IS DISTINCT FROM next_of THEN 'repeated_for_another'
        ELSE 'repeated'
    END AS reason,
    count(*),
    arg_min({'file': file, 'id': id}, file, 3)
FROM compared
GROUP BY came_as, reason
ORDER BY came_as, reason
