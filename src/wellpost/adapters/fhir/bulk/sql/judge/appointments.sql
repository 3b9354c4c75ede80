-- Each appointment as the visit that is planned, or with the reason why none is.
WITH judged AS (
    SELECT
        a.file,
        a.id,
        coalesce(p.standing, n.standing) AS patient_id,
        nullif(w.npi, '') AS npi,
        nullif(w.tin, '') AS tin,
        a.planned_on,
        k.kind,
        CASE
            WHEN NOT list_contains($planned, a.status) THEN 'not_planned'
            WHEN a.planned_on IS NULL THEN 'no_day'
            WHEN n.ambiguous THEN 'ambiguous_patient'
            WHEN means_nobody(a.party.id, a.party) THEN 'no_patient'
            WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
        END AS reason
    FROM appointment AS a
    LEFT JOIN patients AS p ON p.id = a.party.id
    LEFT JOIN named AS n ON n.system = a.party.system AND n.value = a.party.value
    LEFT JOIN with_whom AS w ON w.said = a.parties
    LEFT JOIN planned_kind AS k ON k.said = a.what
)
SELECT
    * REPLACE (
        CASE
            WHEN reason IS NULL AND npi IS NOT NULL AND npi NOT IN (SELECT npi FROM roster)
                THEN 'no_organization'
            ELSE reason
        END AS reason
    )
FROM judged
