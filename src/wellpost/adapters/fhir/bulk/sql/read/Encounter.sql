-- What is taken of an Encounter. `who` and `what` are asked about once for each way they are written.
SELECT
    file,
    odd OR id IS NULL AS odd,
    id,
    status,
    patient_id,
    meant_otherwise(patient_id, subject) AS patient,
    -- of one participant the role decides nothing
    CASE
        WHEN len(participant) = 1 AND says_all(by_whom) AND says_all(for_whom)
            THEN by_whom || '|' || for_whom
        ELSE CAST(
            to_json({'participant': participant, 'serviceProvider': serviceProvider}) AS VARCHAR
        )
    END AS who,
    CASE
        WHEN len(type) = 1
            AND len(type[1].coding) = 1
            AND needs_no_quotes(class.code)
            AND needs_no_quotes(one_type.system)
            AND needs_no_quotes(one_type.code)
            THEN class.code || '|' || one_type.system || '|' || one_type.code
        ELSE CAST(to_json({'class': class, 'type': type}) AS VARCHAR)
    END AS what,
    seen_on
FROM (
    SELECT
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'Encounter' AS odd,
        id_of(id) AS id,
        status,
        subject,
        plain_patient(subject) AS patient_id,
        participant,
        serviceProvider,
        participant[1].individual.reference AS by_whom,
        serviceProvider.reference AS for_whom,
        class,
        type,
        type[1].coding[1] AS one_type,
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
                'STRUCT(type STRUCT(coding STRUCT(code VARCHAR)[])[], individual ' || $reference
                || ')[]',
            serviceProvider: $reference,
            period: 'STRUCT(start VARCHAR)'
        },
        THE_OPTIONS
    )
)
