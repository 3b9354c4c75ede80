-- How many resources of each type became no fact, for each reason, and three of the first places.
WITH each AS (
    SELECT 'Encounter' AS came_as, reason, file, id FROM judged_encounters
    UNION ALL
    SELECT 'Communication', reason, file, id FROM judged_messages
    UNION ALL
    SELECT came_as, reason, file, id FROM judged_patient_data
    UNION ALL
    SELECT 'AuditEvent', reason, file, id FROM judged_portal_actions
    UNION ALL
    SELECT 'Appointment', reason, file, id FROM judged_appointments
    UNION ALL
    SELECT 'Patient', 'replaced', p.file, p.id
    FROM patient AS p
    WHERE p.id IN (SELECT id FROM merged WHERE standing <> id)
)
SELECT came_as, reason, count(*), arg_min({'file': file, 'id': id}, file, 3)
FROM each
WHERE reason IS NOT NULL
GROUP BY came_as, reason
ORDER BY came_as, reason
