-- What is taken of a DocumentReference: only of those that a patient, a relative or a device had a
-- hand in, and never what is written in it.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id_of(id) END AS id,
    CASE WHEN taken THEN status END AS status,
    CASE WHEN taken THEN plain_patient(subject) END AS patient_id,
    CASE WHEN taken AND plain_patient(subject) IS NULL THEN meant(subject) END AS patient,
    CASE WHEN taken THEN list_has_any(kinds_named(author), $patient_side) END AS by_patient_side,
    CASE WHEN taken THEN meant(author[list_position(kinds_named(author), 'Device')]).id END
        AS device,
    CASE WHEN taken THEN day_of(date) END AS received_on
FROM (
    SELECT
        *,
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'DocumentReference' OR id_of(id) IS NULL AS odd,
        CASE
            WHEN len(author) = 1 AND is_plain(author[1].reference)
                THEN list_contains(
                    $patient_side || ['Device'],
                    split_part(author[1].reference, '/', 1)
                )
            ELSE list_has_any(kinds_named(author), $patient_side || ['Device'])
        END AS taken
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
        format = 'newline_delimited',
        ignore_errors = $lenient,
        filename = true,
        compression = $packing,
        maximum_object_size = $longest
    )
)
