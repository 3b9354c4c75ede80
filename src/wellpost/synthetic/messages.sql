-- Threads of three. Few patients take part in most, and few clinicians write most: the readier
-- write to many of their patients; half of them leave it to the patients.
WITH message AS (
    SELECT
        i,
        i // 3 AS thread,
        i % 3 AS place,
        patient_of(i // 3, 'writer', 400) AS patient,
        chance(i, 'author') AS author,
        chance(i, 'reader') AS reader
    FROM numbers()
),

known AS (
    SELECT
        message.*,
        roster.npi,
        roster.tin,
        LEAST(day_of(message.thread, 'sent') + CAST(message.place AS INTEGER),
            GETVARIABLE('ends_on')) AS sent_on,
        CASE WHEN message.author < roster.ready THEN CAST('clinician' AS person)
            WHEN message.author > 0.98 THEN CAST('staff' AS person)
            WHEN message.author > 0.94 THEN CAST('automated' AS person)
            WHEN message.author > 0.92 THEN CAST('representative' AS person)
            ELSE CAST('patient' AS person) END AS sent_by
    FROM message
    INNER JOIN roster ON roster.number = clinician_of(message.patient, 'own clinician')
)

SELECT
    'M' || known.i AS message_id,
    'T' || known.thread AS thread_id,
    'P' || known.patient AS patient_id,
    CASE WHEN known.author < 0.99 THEN known.npi END AS npi,
    known.tin,
    known.sent_on,
    CASE WHEN chance(known.i, 'late') < 0.05
        THEN known.sent_on + CAST(draw(known.i, 'late by', 60) AS INTEGER) END AS available_on,
    known.sent_by,
    CASE WHEN known.sent_by IN ('patient', 'representative') THEN CAST('clinician' AS person)
        WHEN known.reader < 0.85 THEN CAST('patient' AS person)
        WHEN known.reader < 0.95 THEN CAST('representative' AS person)
        ELSE CAST('clinician' AS person) END AS sent_to,
    known.reader < 0.98 AS patient_included,
    CASE WHEN known.place > 0 THEN 'M' || (known.i - 1) END AS in_reply_to
FROM known
