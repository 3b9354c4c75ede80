-- Each observation and document from the patient's side as the datum it is, or with the reason why
-- it is none. It is incorporated on the day that a Provenance records a clinician's part in it.
WITH sent AS (
    SELECT 'Observation' AS came_as, list_contains($observed, text_of(status)) AS stands,
        $no_one_patient_of_observation AS others,
        COLUMNS(*)
    FROM observation
    UNION ALL BY NAME
    SELECT 'DocumentReference' AS came_as, list_contains($documented, text_of(status)) AS stands,
        $no_one_patient_of_documentreference AS others,
        COLUMNS(*)
    FROM document
),
judged AS (
    SELECT
        s.file,
        s.id,
        s.came_as,
        coalesce(p.standing, n.standing) AS patient_id,
        t.npi,
        s.received_on,
        t.on_day AS incorporated_on,
        CASE
            WHEN d.patient.id <> '' AND d.patient.id = coalesce(s.patient_id, s.patient.id) THEN 'device'
            WHEN s.by_patient_side THEN 'patient'
        END AS source,
        CASE
            WHEN NOT s.stands THEN 'not_valid'
            WHEN n.ambiguous THEN 'ambiguous_patient'
            WHEN list_contains(s.others, s.patient.kind) THEN 'no_one_patient'
            WHEN means_nobody(s.patient_id, s.patient) THEN 'no_subject'
            WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
            WHEN source IS NULL THEN 'not_from_the_patient'
            WHEN s.received_on IS NULL THEN 'no_day'
        END AS reason
    FROM sent AS s
    LEFT JOIN patients AS p ON p.id = id_of_patient(s.patient_id, s.patient)
    LEFT JOIN named AS n
        ON n.system = s.patient.system AND n.value = s.patient.value AND s.patient.kind IN ('', 'Patient')
    LEFT JOIN device AS d ON d.id = s.device
    LEFT JOIN taken_in AS t ON t.target = s.id
)
SELECT
    * REPLACE (
        CASE
            WHEN reason IS NULL AND npi IS NOT NULL AND npi NOT IN (SELECT npi FROM roster)
                THEN 'no_organization'
            ELSE reason
        END AS reason
    )
FROM judged
