-- What is taken of an AuditEvent: only of those in which the patient's side acted. Who acted is the
-- first agent that asked for it, else the first one. `what` and `observer` are asked about once for
-- each way they are written.
SELECT
    file,
    odd,
    taken,
    CASE WHEN taken THEN id_of(id) END AS id,
    CASE WHEN taken THEN text_of(outcome) END AS outcome,
    CASE WHEN taken THEN plain_patient(who) END AS acting_id,
    CASE WHEN taken AND plain_patient(who) IS NULL THEN meant(who) END AS acting,
    CASE WHEN taken AND len(entity) = 1 THEN plain_patient(entity[1].what) END AS touched_id,
    CASE
        WHEN taken AND (len(entity) <> 1 OR plain_patient(entity[1].what) IS NULL)
            THEN list_filter(
                list_transform(entity, lambda one: meant(one.what)),
                lambda one: one.kind = 'Patient'
            )[1]
    END AS touched,
    CASE
        WHEN NOT taken THEN NULL
        WHEN len(subtype) = 1
            AND needs_no_quotes(subtype[1].code)
            AND needs_no_quotes(type.code)
            AND needs_no_quotes(action)
            THEN subtype[1].code || '|' || type.code || '|' || action
        ELSE CAST(
            to_json({'subtype': subtype, 'type': type, 'action': text_of(action)}) AS VARCHAR
        )
    END AS what,
    CASE
        WHEN NOT taken THEN NULL
        WHEN is_plain(source.observer.reference) THEN source.observer.reference
        ELSE CAST(to_json(source.observer) AS VARCHAR)
    END AS observer,
    CASE WHEN taken THEN day_of(recorded) END AS acted_on
FROM (
    SELECT
        *,
        CASE
            WHEN is_clinic(who.reference) THEN false
            ELSE coalesce(list_contains($patient_side, kind_named(who)), false)
        END AS taken
    FROM (
        SELECT
            * EXCLUDE (resourceType, wellpost_file, filename),
            coalesce(wellpost_file, filename) AS file,
            resourceType IS DISTINCT FROM 'AuditEvent' OR id_of(id) IS NULL AS odd,
            CASE
                WHEN len(agent) = 1 THEN agent[1].who
                ELSE coalesce(list_filter(agent, lambda one: one.requestor)[1], agent[1]).who
            END AS who
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
            THE_OPTIONS
        )
    )
)
