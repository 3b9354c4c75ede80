-- What is taken of an AuditEvent: only of those in which the patient's side acted. Who acted is the
-- first agent that asked for it, else the first one.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id_of(id) END AS id,
    CASE WHEN taken THEN text_of(outcome) END AS outcome,
    CASE WHEN taken THEN meant(who) END AS acting,
    CASE WHEN taken THEN
        list_filter(
            list_transform(coalesce(entity, []), lambda one: meant(one.what)),
            lambda one: one.kind = 'Patient'
        )[1]
    END AS touched,
    CASE WHEN taken THEN
        CAST(to_json({'subtype': subtype, 'type': type, 'action': text_of(action)}) AS VARCHAR)
    END AS what,
    CASE WHEN taken THEN CAST(to_json(source.observer) AS VARCHAR) END AS observer,
    CASE WHEN taken THEN day_of(recorded) END AS acted_on
FROM (
    SELECT
        *,
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'AuditEvent' OR id_of(id) IS NULL AS odd,
        CASE
            WHEN len(agent) = 1 THEN agent[1].who
            ELSE coalesce(list_filter(agent, lambda one: one.requestor)[1], agent[1]).who
        END AS who,
        coalesce(list_contains($patient_side, kind_named(who)), false) AS taken
    FROM read_json(
        $files,
        columns = {
            wellpost_file: 'VARCHAR',
            resourceType: 'VARCHAR',
            id: 'JSON',
            type: 'STRUCT(code VARCHAR)',
            subtype: 'STRUCT(code VARCHAR)[]',
            action: 'VARCHAR',
            outcome: 'VARCHAR',
            agent: 'STRUCT(requestor BOOLEAN, who ' || $reference || ')[]',
            source: 'STRUCT(observer ' || $reference || ')',
            entity: 'STRUCT(what ' || $reference || ')[]',
            recorded: 'VARCHAR'
        },
        format = 'newline_delimited',
        ignore_errors = $lenient,
        filename = true,
        compression = $packing,
        maximum_object_size = $longest
    )
)
