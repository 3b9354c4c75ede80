-- Who worked where, as encounters show it.
SELECT DISTINCT practitioner_id, organization_id FROM judged_encounters WHERE reason IS NULL
