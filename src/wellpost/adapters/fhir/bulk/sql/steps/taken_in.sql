-- The clinician who took a datum into the record, and the day, as the earliest Provenance tells it.
CREATE OR REPLACE TABLE taken_in AS
SELECT target, arg_min(by_npi, place) AS npi, arg_min(on_day, place) AS on_day
FROM told
WHERE by_npi <> '' AND on_day IS NOT NULL
GROUP BY target
