-- Provenances that name the clinician who took a datum into the record, and say when.
CREATE OR REPLACE VIEW taken_in_told AS
SELECT target, place, by_npi AS npi, '' AS only_tin, on_day
FROM told
WHERE by_npi <> '' AND on_day IS NOT NULL
