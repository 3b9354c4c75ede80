-- What is taken of an Encounter. `who` and `what` are asked about once for each way they are written.
SELECT
    coalesce(wellpost_file, filename) AS file,
    resourceType IS DISTINCT FROM 'Encounter' OR id_of(id) IS NULL AS odd,
    id_of(id) AS id,
    text_of(status) AS status,
    meant(subject) AS patient,
    -- of one participant the role decides nothing
    CASE
        WHEN len(participant) = 1
            AND is_plain(participant[1].individual.reference)
            AND is_plain(serviceProvider.reference)
            THEN participant[1].individual.reference || '|' || serviceProvider.reference
        ELSE CAST(
            to_json({'participant': participant, 'serviceProvider': serviceProvider}) AS VARCHAR
        )
    END AS who,
    CASE
        WHEN len(type) = 1
            AND len(type[1].coding) = 1
            AND NOT contains(class.code || type[1].coding[1].system || type[1].coding[1].code, '|')
            THEN class.code || '|' || type[1].coding[1].system || '|' || type[1].coding[1].code
        ELSE CAST(to_json({'class': class, 'type': type}) AS VARCHAR)
    END AS what,
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
    ignore_errors = $lenient,
    filename = true,
    compression = $packing,
    maximum_object_size = $longest
)
