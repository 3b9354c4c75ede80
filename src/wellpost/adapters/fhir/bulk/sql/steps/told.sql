-- What Provenances tell of a clinician's part in something, by what they tell of.
CREATE OR REPLACE VIEW told AS
SELECT
    unnest(p.targets) AS target,
    p.recorded || chr(1) || p.id AS place,
    day_of(p.recorded) AS on_day,
    a.for_npi,
    a.for_only_tin,
    a.by_npi
FROM provenance AS p
JOIN agents_said AS a ON a.said = p.agents
