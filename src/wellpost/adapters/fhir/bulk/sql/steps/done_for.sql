-- The clinician for whom staff wrote a message, as the earliest Provenance tells it.
CREATE OR REPLACE TABLE done_for AS
SELECT target, arg_min(for_npi, place) AS npi, arg_min(for_only_tin, place) AS only_tin
FROM told
WHERE for_npi <> ''
GROUP BY target
