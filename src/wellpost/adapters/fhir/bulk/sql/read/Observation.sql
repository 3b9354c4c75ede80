-- What is taken of an Observation: only of those that a patient, a relative or a device had a hand
-- in; of the clinic's own no more than that they are there.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id END AS id,
    CASE WHEN taken THEN status END AS status,
    CASE WHEN taken THEN patient_id END AS patient_id,
    CASE WHEN taken THEN meant_otherwise(patient_id, subject) END AS patient,
    CASE WHEN taken THEN by_patient_side END AS by_patient_side,
    CASE WHEN taken THEN measured_by.id END AS device,
    CASE WHEN taken THEN day_of(coalesce(nullif(text_of(issued), ''), effectiveDateTime)) END
        AS received_on
FROM (
    SELECT
        *,
        by_patient_side OR is_given(measured_by) AS taken,
        CASE WHEN taken THEN plain_patient(subject) END AS patient_id
    FROM (
        SELECT
            * EXCLUDE (id),
            coalesce(wellpost_file, filename) AS file,
            id_of(id) AS id,
            resourceType IS DISTINCT FROM 'Observation' OR id_of(id) IS NULL AS odd,
            any_named(performer, $patient_side) AS by_patient_side,
            CASE WHEN device IS NOT NULL THEN meant(device) END AS measured_by
        FROM read_json(
            $files,
            columns = {
                wellpost_file: 'VARCHAR',
                resourceType: 'VARCHAR',
                id: 'JSON',
                status: 'VARCHAR',
                subject: $reference,
                performer: $reference || '[]',
                device: $reference,
                issued: 'VARCHAR',
                effectiveDateTime: 'VARCHAR'
            },
            THE_OPTIONS
        )
    )
)
