-- What is taken of a RelatedPerson: for whom they speak.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'RelatedPerson' OR id_of(id) IS NULL AS odd,
    id_of(id) AS id,
    meant(patient) AS patient
FROM read_json(
    $files,
    columns = {
        wellpost_file: 'VARCHAR',
        resourceType: 'VARCHAR',
        id: 'JSON',
        patient: $reference
    },
    THE_OPTIONS
)
