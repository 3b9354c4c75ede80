-- Every message of a thread; the patient is a party of each thread and can always read along.
-- A door is a way to a patient's messages: an account of the patient (on any merged record), or
-- of a representative who may message, between the days of the representation. A message can be
-- opened from the first day on which it was sent and a door stands open; 9999-12-31 is never yet.
-- A message retracted before anybody on the patient's side read it was in effect not sent.
WITH door AS (
  SELECT
    COALESCE(record.merged_into_id, record.id) AS patient_id,
    record.user_id AS user_id,
    record.account_opened_on AS opens_on,
    DATE '9999-12-31' AS closes_on
  FROM people_patient AS record
  WHERE record.account_opened_on IS NOT NULL
  UNION ALL
  SELECT
    COALESCE(record.merged_into_id, record.id),
    helper.user_id,
    GREATEST(helper.account_opened_on, helper.starts_on),
    COALESCE(helper.ends_on, DATE '9999-12-31')
  FROM people_representative AS helper
  JOIN people_patient AS record ON record.id = helper.patient_id
  WHERE helper.account_opened_on IS NOT NULL AND helper.may_message
), opened AS (
  SELECT message.id AS message_id, MIN(GREATEST(message.sent_on, door.opens_on)) AS opened_on
  FROM messaging_message AS message
  JOIN messaging_thread AS thread ON thread.id = message.thread_id
  JOIN people_patient AS record ON record.id = thread.patient_id
  JOIN door
    ON door.patient_id = COALESCE(record.merged_into_id, record.id)
    AND door.closes_on >= GREATEST(message.sent_on, door.opens_on)
  GROUP BY message.id
)
SELECT
  text_id(message.id) AS message_id,
  text_id(message.thread_id) AS thread_id,
  text_id(COALESCE(patient.merged_into_id, patient.id)) AS patient_id,
  clinician.npi AS npi,
  practice.tin AS tin,
  message.sent_on AS sent_on,
  COALESCE(opened.opened_on, DATE '9999-12-31') AS available_on,
  message.sender_kind AS sent_by,
  message.sent_to AS sent_to,
  TRUE AS patient_included,
  text_id(message.in_reply_to_id) AS in_reply_to
FROM messaging_message AS message
JOIN messaging_thread AS thread ON thread.id = message.thread_id
JOIN people_patient AS patient ON patient.id = thread.patient_id
JOIN people_practice AS practice ON practice.id = thread.practice_id
LEFT JOIN people_clinician AS clinician ON clinician.id = message.clinician_id
LEFT JOIN opened ON opened.message_id = message.id
WHERE message.retracted_at IS NULL
  OR EXISTS (
    SELECT 1
    FROM messaging_receipt AS receipt
    JOIN door ON door.user_id = receipt.user_id
    WHERE receipt.message_id = message.id
      AND receipt.read_at <= message.retracted_at
      AND door.patient_id = COALESCE(patient.merged_into_id, patient.id)
  )
