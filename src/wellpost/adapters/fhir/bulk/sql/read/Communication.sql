-- What is taken of a Communication: who, to whom, when, part of what. Never what was written: of
-- `payload` only whether there is any. One that contains others is walked first, which makes
-- references by identifier of those into it.
--
-- Nearly all name one recipient, and what they are part of, in the plain way: of those `parties` and
-- `party_id` say who took part, `first_above` and `in_reply_to` what they belong to. Of the others
-- `from_whom`, `to_whom`, `party` and `above` say it, which are null there.
SELECT
    file,
    odd OR id IS NULL AS odd,
    id,
    status,
    has_payload,
    insecure,
    patient_id,
    patient,
    CASE
        WHEN plain
            THEN side_said(sent_by, $patient_side) || '|' || side_said(sent_to, $patient_side)
        ELSE parties_said([from_whom] || to_whom, $patient_side)
    END AS parties,
    CASE
        WHEN NOT plain THEN NULL
        WHEN starts_with(sent_by, 'Patient/') THEN substr(sent_by, 9)
        WHEN starts_with(sent_to, 'Patient/') THEN substr(sent_to, 9)
    END AS party_id,
    from_whom,
    to_whom,
    CASE
        WHEN plain THEN NULL
        WHEN from_whom.kind = 'Patient' THEN from_whom
        ELSE list_filter(to_whom, lambda one: one.kind = 'Patient')[1]
    END AS party,
    CASE
        WHEN plain THEN false
        ELSE is_untyped(from_whom) OR len(list_filter(to_whom, lambda one: is_untyped(one))) > 0
    END AS untyped,
    CASE WHEN leads_plainly THEN part IS NOT NULL ELSE len(part_of) > 0 END AS is_part,
    CASE WHEN leads_plainly THEN coalesce(part, answer) ELSE above[1] END AS first_above,
    above,
    CASE WHEN leads_plainly THEN answer ELSE list_filter(answers, lambda id: id <> '')[1] END
        AS in_reply_to,
    sent_on,
    received_on
FROM (
    SELECT
        *,
        list_filter(part_of || answers, lambda id: id <> '') AS above
    FROM (
        SELECT
            *,
            meant_otherwise(patient_id, subject) AS patient,
            CASE WHEN NOT plain THEN meant(sender) END AS from_whom,
            CASE WHEN NOT plain THEN all_meant(recipient) END AS to_whom,
            CASE WHEN NOT leads_plainly THEN ids_meant(partOf) END AS part_of,
            CASE WHEN NOT leads_plainly THEN ids_meant(inResponseTo) END AS answers
        FROM (
            SELECT
                *,
                -- not two patients, nor a relative who received it: here each needs an id of their own
                coalesce(
                    len(recipient) = 1
                    AND (sender IS NULL OR sent_by <> '')
                    AND NOT (starts_with(sent_by, 'Patient/') AND starts_with(sent_to, 'Patient/'))
                    AND NOT starts_with(sent_to, 'RelatedPerson/')
                    AND regexp_full_match(
                        sent_by || '|' || sent_to,
                        '([A-Za-z]+/[A-Za-z0-9.-]+)?\|[A-Za-z]+/[A-Za-z0-9.-]+'
                    ),
                    false
                ) AS plain,
                (partOf IS NULL OR part IS NOT NULL) AND (inResponseTo IS NULL OR answer IS NOT NULL)
                    AS leads_plainly
            FROM (
                SELECT
                    coalesce(wellpost_file, filename) AS file,
                    resourceType IS DISTINCT FROM 'Communication' OR contained IS NOT NULL AS odd,
                    id_of(id) AS id,
                    status,
                    len(coalesce(payload, [])) > 0 AS has_payload,
                    CASE
                        WHEN medium IS NULL THEN false
                        WHEN len(medium) = 1 AND len(medium[1].coding) = 1
                            -- list_contains would become a join, which loses the order of lines
                            THEN list_position(
                                $no_secure_message, text_of(medium[1].coding[1].code)
                            ) IS NOT NULL
                        ELSE list_has_any(codes_of(medium), $no_secure_message)
                    END AS insecure,
                    subject,
                    plain_patient(subject) AS patient_id,
                    sender,
                    recipient,
                    coalesce(sender.reference, '') AS sent_by,
                    recipient[1].reference AS sent_to,
                    partOf,
                    inResponseTo,
                    only_one_meant(partOf) AS part,
                    only_one_meant(inResponseTo) AS answer,
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
                    THE_OPTIONS
                )
            )
        )
    )
)
