CREATE OR REPLACE VIEW messages AS
SELECT
    id AS message_id, thread_id, patient_id, npi, tin, sent_on, available_on, sent_by, sent_to,
    patient_included, in_reply_to
FROM judged_messages
WHERE reason IS NULL
