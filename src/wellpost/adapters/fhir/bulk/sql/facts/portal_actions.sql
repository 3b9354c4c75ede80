CREATE OR REPLACE VIEW portal_actions AS
SELECT patient_id, tin, acted_on, action, acted_by
FROM judged_portal_actions
WHERE reason IS NULL
