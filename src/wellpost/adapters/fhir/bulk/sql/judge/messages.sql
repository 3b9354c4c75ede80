-- Each communication as the message it is, or with the reason why it is none.
WITH judged AS (
    SELECT
        m.file,
        m.id,
        -- what is right below the top of its thread says so itself
        coalesce(t.thread_id, CASE WHEN d.id IS NULL THEN m.first_above END, m.id) AS thread_id,
        coalesce(p.standing, n.standing) AS patient_id,
        -- staff and machines write for the clinician that a Provenance names
        nullif(CASE WHEN b.for_others THEN f.npi ELSE b.npi END, '') AS npi,
        coalesce(
            nullif(b.tin, ''),
            nullif(CASE WHEN b.for_others THEN f.only_tin ELSE b.only_tin END, '')
        ) AS tin,
        m.sent_on,
        -- it could be opened on the day it was received, when that is later
        CASE WHEN m.received_on > m.sent_on THEN m.received_on END AS available_on,
        -- a patient who writes about another one speaks for that one
        CASE
            WHEN m.for_another
                AND coalesce(pw.standing, nw.standing) <> coalesce(p.standing, n.standing)
                THEN 'representative'
            ELSE b.sent_by
        END AS sent_by,
        b.sent_to,
        b.patient_included,
        m.in_reply_to,
        CASE
            WHEN NOT m.has_payload AND NOT m.is_part THEN 'thread_itself'
            WHEN NOT list_contains($transmitted, text_of(m.status)) THEN 'not_transmitted'
            WHEN m.insecure THEN 'not_a_secure_message'
            WHEN m.from_whom IS NULL AND starts_with(m.parties, '|') THEN 'no_sender'
            WHEN m.from_whom IS NOT NULL AND NOT is_given(m.from_whom) THEN 'no_sender'
            WHEN len(m.to_whom) = 0 THEN 'no_recipient'
            WHEN m.sent_on IS NULL THEN 'no_day'
            WHEN n.ambiguous THEN 'ambiguous_patient'
            WHEN list_contains($no_one_patient_of_communication, m.about.kind)
                THEN 'no_one_patient'
            WHEN means_nobody(m.about_id, m.about) THEN 'no_patient'
            WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
            WHEN nw.ambiguous THEN 'ambiguous_patient'
            WHEN m.for_another AND means_nobody(m.writer_id, m.writer) THEN 'no_patient'
            WHEN m.for_another AND pw.standing IS NULL AND nw.standing IS NULL
                THEN 'unknown_patient'
            WHEN b.reason <> '' THEN b.reason
        END AS reason
    FROM message AS m
    LEFT JOIN thread AS t ON t.id = m.id
    LEFT JOIN deeper AS d ON d.id = m.id
    LEFT JOIN patients AS p ON p.id = m.about_id
    LEFT JOIN named AS n
        ON n.system = m.about.system AND n.value = m.about.value AND m.about.kind IN ('', 'Patient')
    LEFT JOIN patients_writing AS pw ON pw.id = m.writer_id AND m.for_another
    LEFT JOIN named AS nw ON nw.system = m.writer.system AND nw.value = m.writer.value
    LEFT JOIN between_whom AS b ON b.said = m.parties
    LEFT JOIN done_for AS f ON f.target = m.id
)
SELECT
    * REPLACE (
        CASE
            WHEN reason IS NULL AND npi IS NOT NULL AND npi NOT IN (SELECT npi FROM roster)
                THEN 'no_organization'
            ELSE reason
        END AS reason
    )
FROM judged
