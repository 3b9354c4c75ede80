-- Communications, with their parties settled.
CREATE OR REPLACE VIEW communication AS
SELECT
    c.* REPLACE (
        coalesce(s.parties[1], c.from_whom) AS from_whom,
        coalesce(s.parties[2:], c.to_whom) AS to_whom,
        coalesce(s.said, c.parties) AS parties,
        CASE WHEN s.id IS NULL THEN c.party ELSE s.party END AS party
    )
FROM communication_held AS c
LEFT JOIN settled AS s ON s.of = 'communication' AND s.id = c.id
