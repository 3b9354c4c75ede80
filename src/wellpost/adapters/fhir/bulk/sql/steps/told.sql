-- What Provenances tell of a message or a datum, the earliest first: the clinician for whom staff
-- wrote it, and the one who took it into the record, with the day.
CREATE OR REPLACE TABLE told AS
WITH each AS (
    SELECT
        unnest(p.targets) AS target,
        p.recorded || chr(1) || p.id AS place,
        day_of(p.recorded) AS on_day,
        a.for_npi,
        a.for_only_tin,
        a.by_npi
    FROM provenance AS p
    JOIN agents_said AS a ON a.said = p.agents
    WHERE a.for_npi <> '' OR a.by_npi <> ''
)
SELECT
    target,
    arg_min({'npi': for_npi, 'only_tin': for_only_tin}, place) FILTER (for_npi <> '') AS acted_for,
    arg_min({'npi': by_npi, 'on_day': on_day}, place) FILTER (
        by_npi <> '' AND on_day IS NOT NULL
    ) AS taken_in
FROM each
GROUP BY target
