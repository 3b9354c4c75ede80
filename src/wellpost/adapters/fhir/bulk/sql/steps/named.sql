-- Patients whom a reference names by identifier: the one record that bears it, or that several do.
-- Without a system, whoever bears the value under any.
CREATE OR REPLACE TABLE named AS
WITH wanted AS (
    SELECT DISTINCT one.system AS system, one.value AS value
    FROM reference_to_patient
    WHERE one.id = '' AND one.value <> '' AND one.kind IN ('', 'Patient')
),
borne AS (
    SELECT id, unnest(identifiers) AS identifier
    FROM patient
    WHERE EXISTS (FROM wanted)
)
SELECT w.system, w.value, min(b.id) AS id, count(DISTINCT b.id) > 1 AS ambiguous
FROM wanted AS w
JOIN borne AS b
    ON text_of(b.identifier.value) = w.value
    AND (w.system = '' OR text_of(b.identifier.system) = w.system)
GROUP BY w.system, w.value
