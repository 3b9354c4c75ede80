-- What is taken of a Device: whose it is; empty for the clinic's own.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'Device' OR id_of(id) IS NULL AS odd,
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
