-- The same with the type of whoever has the id.
CREATE OR REPLACE TABLE settled AS
WITH one AS (
    SELECT
        of,
        id,
        unnest(parties) AS party,
        generate_subscripts(parties, 1) AS place
    FROM unsettled
),
typed AS (
    SELECT
        one.of,
        one.id,
        list(
            {
                'kind': CASE
                    WHEN one.party.kind = '' THEN coalesce(t.kind, '') ELSE one.party.kind
                END,
                'id': one.party.id,
                'system': one.party.system,
                'value': one.party.value,
                'display': one.party.display
            }
            ORDER BY one.place
        ) AS parties
    FROM one
    LEFT JOIN type_of AS t ON t.id = one.party.id
    GROUP BY one.of, one.id
)
SELECT
    of,
    id,
    parties,
    parties_said(parties, $patient_side) AS said,
    patient_among(parties) AS party
FROM typed
