-- Provenances that name the clinician for whom staff wrote a message.
CREATE OR REPLACE VIEW done_for_told AS
SELECT target, place, for_npi AS npi, for_only_tin AS only_tin, NULL AS on_day
FROM told
WHERE for_npi <> ''
