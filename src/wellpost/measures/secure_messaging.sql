-- Secure messaging: a secure message was sent to the patient (or the patient-authorized
-- representative), or in response to one of theirs (42 CFR 495.24(d)(6)(i)(B)(2); 2017 MIPS
-- specification ACI_CCTPE_2; ONC test deck RT5). The clinician who takes part is credited; among
-- clinicians only the author. Every message is considered; `because` says why one does not count.
-- Policies: staff_messages, automated_messages, copied_patients, unreachable_patients.
-- `seen` is who saw whom in the period. Direction from_patient is Stage 2 of 2014 (42 CFR
-- 495.6(j)(17)): there the message that the patient or representative sent is the one counted, for
-- the clinician it is addressed to; whether anybody answers, or could read it later, is no matter.
WITH credited AS (
    SELECT
        m.message_id, m.patient_id, m.npi, m.sent_on, m.available_on, m.sent_by, m.sent_to,
        m.patient_included
    FROM messages AS m
    WHERE NOT (
        :staff_messages = 'any_in_practice' AND m.sent_by = 'staff' AND m.npi IS NULL
    )
    UNION ALL
    -- a staff message for no clinician in particular: every clinician of that TIN who saw the patient
    SELECT
        m.message_id, m.patient_id, c.npi, m.sent_on, m.available_on, m.sent_by, m.sent_to,
        m.patient_included
    FROM messages AS m
    LEFT JOIN seen AS s ON s.patient_id = m.patient_id
    LEFT JOIN clinicians AS c ON c.npi = s.npi AND c.tin = m.tin
    WHERE :staff_messages = 'any_in_practice' AND m.sent_by = 'staff' AND m.npi IS NULL
)
SELECT
    m.patient_id,
    m.npi,
    CASE
        WHEN :direction = 'to_patient' AND :unreachable_patients = 'count_when_available'
            THEN GREATEST(m.sent_on, COALESCE(m.available_on, m.sent_on))
        ELSE m.sent_on
    END AS counted_on,
    m.sent_on AS happened_on,
    CASE WHEN :direction = 'from_patient' THEN 'patient_message' ELSE 'message' END AS act,
    m.message_id AS act_id,
    CASE
        WHEN :direction = 'to_patient' AND m.sent_by IN ('patient', 'representative')
            THEN 'sent_by_patient'
        WHEN :direction = 'from_patient' AND NOT m.sent_by IN ('patient', 'representative')
            THEN 'not_sent_by_patient'
        WHEN :direction = 'to_patient' AND NOT m.patient_included THEN 'not_included'
        WHEN :direction = 'to_patient' AND :copied_patients = 'do_not_count'
            AND m.sent_to = 'clinician' THEN 'copied'
        WHEN :automated_messages = 'do_not_count' AND m.sent_by = 'automated' THEN 'automated'
        WHEN :staff_messages = 'author_only' AND m.sent_by = 'staff' THEN 'sent_by_staff'
        WHEN :direction = 'to_patient' AND :unreachable_patients = 'do_not_count'
            AND COALESCE(m.available_on, m.sent_on) > m.sent_on THEN 'could_not_be_opened'
        WHEN m.npi IS NULL THEN 'for_no_clinician'
    END AS because
FROM credited AS m
