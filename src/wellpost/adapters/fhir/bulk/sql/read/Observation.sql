-- What is taken of an Observation: only of those that a patient, a relative or a device had a hand
-- in; of the clinic's own no more than that they are there.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id_of(id) END AS id,
    CASE WHEN taken THEN status END AS status,
    CASE WHEN taken THEN plain_patient(subject) END AS patient_id,
    CASE WHEN taken AND plain_patient(subject) IS NULL THEN meant(subject) END AS patient,
    CASE WHEN taken THEN list_has_any(kinds_named(performer), $patient_side) END AS by_patient_side,
    CASE WHEN taken THEN meant(device).id END AS device,
    CASE WHEN taken THEN day_of(coalesce(nullif(text_of(issued), ''), effectiveDateTime)) END
        AS received_on
FROM (
    SELECT
        *,
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'Observation' OR id_of(id) IS NULL AS odd,
        coalesce(
            CASE
                WHEN len(performer) = 1 AND is_plain(performer[1].reference)
                    THEN list_contains($patient_side, split_part(performer[1].reference, '/', 1))
                ELSE list_has_any(kinds_named(performer), $patient_side)
            END
            OR CASE WHEN device IS NOT NULL THEN is_given(meant(device)) ELSE false END,
            false
        ) AS taken
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
        format = 'newline_delimited',
        ignore_errors = $lenient,
        filename = true,
        compression = $packing,
        maximum_object_size = $longest
    )
)
