-- What is taken of an Encounter. `who` and `what` are asked about once for each way they are written.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'Encounter' OR id_of(id) IS NULL AS odd,
    id_of(id) AS id,
    text_of(status) AS status,
    meant(subject) AS patient,
    CAST(to_json({'participant': participant, 'serviceProvider': serviceProvider}) AS VARCHAR) AS who,
    CAST(to_json({'class': class, 'type': type}) AS VARCHAR) AS what,
    day_of(period.start) AS seen_on
FROM read_json(
    $files,
    columns = {
        wellpost_file: 'VARCHAR',
        resourceType: 'VARCHAR',
        id: 'JSON',
        status: 'VARCHAR',
        class: 'STRUCT(code VARCHAR)',
        type: 'STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])[]',
        subject: $reference,
        participant:
            'STRUCT(type STRUCT(coding STRUCT(code VARCHAR)[])[], individual ' || $reference || ')[]',
        serviceProvider: $reference,
        period: 'STRUCT(start VARCHAR)'
    },
    format = 'newline_delimited',
    ignore_errors = true,
    filename = true,
    compression = $packing,
    maximum_object_size = $longest
)
