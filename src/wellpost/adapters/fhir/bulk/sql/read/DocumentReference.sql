-- What is taken of a DocumentReference: only of those that a patient, a relative or a device had a
-- hand in, and never what is written in it.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id END AS id,
    CASE WHEN taken THEN status END AS status,
    CASE WHEN taken THEN patient_id END AS patient_id,
    CASE WHEN taken THEN meant_otherwise(patient_id, subject) END AS patient,
    CASE WHEN taken THEN by_patient_side END AS by_patient_side,
    CASE WHEN taken THEN meant(author[list_position(kinds, 'Device')]).id END AS device,
    CASE WHEN taken THEN day_of(date) END AS received_on
FROM (
    SELECT
        *,
        list_has_any(kinds, $patient_side) AS by_patient_side,
        by_patient_side OR list_contains(kinds, 'Device') AS taken,
        CASE WHEN taken THEN plain_patient(subject) END AS patient_id
    FROM (
        SELECT
            * EXCLUDE (id),
            coalesce(wellpost_file, filename) AS file,
            id_of(id) AS id,
            resourceType IS DISTINCT FROM 'DocumentReference' OR id_of(id) IS NULL AS odd,
            kinds_named(author) AS kinds
        FROM read_json(
            $files,
            columns = {
                wellpost_file: 'VARCHAR',
                resourceType: 'VARCHAR',
                id: 'JSON',
                status: 'VARCHAR',
                subject: $reference,
                author: $reference || '[]',
                date: 'VARCHAR'
            },
            THE_OPTIONS
        )
    )
)
