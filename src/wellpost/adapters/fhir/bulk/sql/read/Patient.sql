-- What is taken of a Patient: no name, no day of birth, no address.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'Patient' OR id_of(id) IS NULL AS odd,
    id_of(id) AS id,
    meant(list_filter(link, lambda one: one.type = 'replaced-by')[1].other) AS replaced_by,
    identifier AS identifiers
FROM read_json(
    $files,
    columns = {
        wellpost_file: 'VARCHAR',
        resourceType: 'VARCHAR',
        id: 'JSON',
        link: 'STRUCT(type VARCHAR, other ' || $reference || ')[]',
        identifier: 'STRUCT(system VARCHAR, value VARCHAR)[]'
    },
    THE_OPTIONS
)
