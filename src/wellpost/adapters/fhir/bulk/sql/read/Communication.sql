-- What is taken of a Communication: who, to whom, when, part of what. Never what was written: of
-- `payload` only whether there is any. One that contains others is walked first, which makes
-- references by identifier of those into it.
SELECT
    * EXCLUDE (part_of, answers),
    len(part_of) > 0 AS is_part,
    list_filter(list_transform(part_of || answers, lambda one: one.id), lambda id: id <> '') AS above,
    list_filter(list_transform(answers, lambda one: one.id), lambda id: id <> '')[1] AS in_reply_to,
    parties_said([from_whom] || to_whom, $patient_side) AS parties,
    patient_among([from_whom] || to_whom) AS party,
    has_untyped([from_whom] || to_whom) AS untyped
FROM (
    SELECT
        coalesce(wellpost_file, filename) AS file,
        resourceType IS DISTINCT FROM 'Communication' OR id_of(id) IS NULL
            OR contained IS NOT NULL AS odd,
        id_of(id) AS id,
        text_of(status) AS status,
        len(coalesce(payload, [])) > 0 AS has_payload,
        list_has_any(codes_of(medium), $no_secure_message) AS insecure,
        meant(subject) AS patient,
        meant(sender) AS from_whom,
        all_meant(recipient) AS to_whom,
        all_meant(partOf) AS part_of,
        all_meant(inResponseTo) AS answers,
        day_of(sent) AS sent_on,
        day_of(received) AS received_on
    FROM read_json(
        $files,
        columns = {
            wellpost_file: 'VARCHAR',
            resourceType: 'VARCHAR',
            id: 'JSON',
            contained: 'STRUCT(id VARCHAR)[]',
            status: 'VARCHAR',
            payload: 'STRUCT(nothing VARCHAR)[]',
            partOf: $reference || '[]',
            inResponseTo: $reference || '[]',
            medium: 'STRUCT(coding STRUCT(code VARCHAR)[])[]',
            subject: $reference,
            sender: $reference,
            recipient: $reference || '[]',
            sent: 'VARCHAR',
            received: 'VARCHAR'
        },
        format = 'newline_delimited',
        ignore_errors = true,
        filename = true,
        compression = $packing,
        maximum_object_size = $longest
    )
)
