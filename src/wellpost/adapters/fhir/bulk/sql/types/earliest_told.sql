-- What is told of each thing: the earliest.
CREATE OR REPLACE TABLE THE_TYPE AS
SELECT
    target,
    arg_min(npi, place) AS npi,
    arg_min(only_tin, place) AS only_tin,
    arg_min(on_day, place) AS on_day
FROM THE_TYPE_told
GROUP BY target
