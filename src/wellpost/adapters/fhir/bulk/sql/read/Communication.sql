-- What is taken of a Communication: who, to whom, when, part of what. Never what was written: of
-- `payload` only whether there is any. One that contains others is walked first, which makes
-- references by identifier of those into it.
SELECT
    * EXCLUDE (part_of, answers, shortly),
    len(part_of) > 0 AS is_part,
    list_filter(part_of || answers, lambda id: id <> '') AS above,
    CASE
        WHEN answers[1] <> '' THEN answers[1] ELSE list_filter(answers, lambda id: id <> '')[1]
    END AS in_reply_to,
    coalesce(shortly, parties_said([from_whom] || to_whom, $patient_side)) AS parties,
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
        CASE
            WHEN medium IS NULL THEN false
            WHEN len(medium) = 1 AND len(medium[1].coding) = 1
                THEN list_contains($no_secure_message, text_of(medium[1].coding[1].code))
            ELSE list_has_any(codes_of(medium), $no_secure_message)
        END AS insecure,
        meant(subject) AS patient,
        meant(sender) AS from_whom,
        all_meant(recipient) AS to_whom,
        CASE
            WHEN len(recipient) = 1
                AND is_plain(sender.reference)
                AND is_plain(recipient[1].reference)
                THEN side_said(sender.reference, $patient_side) || '|'
                    || side_said(recipient[1].reference, $patient_side)
        END AS shortly,
        ids_meant(partOf) AS part_of,
        ids_meant(inResponseTo) AS answers,
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
        ignore_errors = $lenient,
        filename = true,
        compression = $packing,
        maximum_object_size = $longest
    )
)
