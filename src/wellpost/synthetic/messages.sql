-- Few patients take part in most messages; half of the messages are the patients' own.
WITH message AS (
    SELECT
        i,
        draw(i, 'writer', $seed, $patients, 3) AS patient,
        chance(i, 'author', $seed) AS author,
        chance(i, 'reader', $seed) AS reader,
        MAKE_DATE($year, 1, 1) + CAST(draw(i, 'sent', $seed, 365, 1) AS INTEGER) AS sent_on
    FROM RANGE($rows) AS made(i)
)
SELECT
    'M' || message.i AS message_id,
    'T' || message.i // 3 AS thread_id,
    'P' || message.patient AS patient_id,
    CASE WHEN message.author < 0.97 THEN roster.npi END AS npi,
    roster.tin,
    message.sent_on,
    CASE WHEN chance(message.i, 'late', $seed) < 0.05
        THEN message.sent_on + CAST(draw(message.i, 'days', $seed, 60, 1) AS INTEGER)
    END AS available_on,
    CASE WHEN message.author < 0.30 THEN 'clinician' WHEN message.author < 0.40 THEN 'automated'
        WHEN message.author < 0.85 THEN 'patient' WHEN message.author < 0.90 THEN 'representative'
        ELSE 'staff' END AS sent_by,
    CASE WHEN message.author BETWEEN 0.40 AND 0.90 THEN 'clinician'
        WHEN message.reader < 0.85 THEN 'patient' WHEN message.reader < 0.95 THEN 'representative'
        ELSE 'clinician' END AS sent_to,
    message.reader < 0.98 AS patient_included,
    CASE WHEN message.i % 3 <> 0 THEN 'M' || message.i - 1 END AS in_reply_to
FROM message
INNER JOIN roster ON roster.number = clinician_of(message.patient, $seed, $clinicians)
ORDER BY message.i
