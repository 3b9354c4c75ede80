-- FHIR's Location has no FIPS code and does not say what is certified.
CREATE OR REPLACE VIEW encounters AS
SELECT
    id AS encounter_id, patient_id, npi, tin, seen_on, kind,
    CAST(NULL AS VARCHAR) AS county, CAST(NULL AS BOOLEAN) AS certified_location
FROM judged_encounters
WHERE reason IS NULL
