-- What is taken of a Provenance: what it tells of, when, and who did it for whom.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'Provenance' OR id_of(id) IS NULL AS odd,
    id_of(id) AS id,
    ids_meant(target) AS targets,
    text_of(recorded) AS recorded,
    CAST(to_json({'agent': agent}) AS VARCHAR) AS agents
FROM read_json(
    $files,
    columns = {
        wellpost_file: 'VARCHAR',
        resourceType: 'VARCHAR',
        id: 'JSON',
        target: $reference || '[]',
        recorded: 'VARCHAR',
        agent: 'STRUCT(who ' || $reference || ', onBehalfOf ' || $reference || ')[]'
    },
    THE_OPTIONS
)
