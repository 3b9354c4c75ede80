-- Messages that do not say to whom they went, with the parties of their thread instead; and whatever
-- names a party without saying of which type it is.
CREATE OR REPLACE TABLE unsettled AS
WITH unsaid AS (
    SELECT
        c.id,
        c.from_whom,
        c.to_whom,
        c.untyped,
        coalesce(t.thread_id, CASE WHEN d.id IS NULL THEN c.first_above END) AS thread_id
    FROM communication AS c
    LEFT JOIN thread AS t ON t.id = c.id
    LEFT JOIN deeper AS d ON d.id = c.id
    WHERE c.untyped OR len(c.to_whom) = 0
)
SELECT
    'communication' AS of,
    c.id,
    [c.from_whom] || CASE
        WHEN len(c.to_whom) > 0 THEN c.to_whom
        WHEN up.id IS NULL THEN []
        ELSE list_filter(
            coalesce(up.to_whom, [plain_recipient(up.parties, up.party_id)]),
            lambda one: one.id <> c.from_whom.id
        )
    END AS parties
FROM unsaid AS c
LEFT JOIN communication AS up ON up.id = c.thread_id
WHERE c.untyped OR c.thread_id IS NOT NULL
UNION ALL
SELECT 'appointment', a.id, a.actors
FROM appointment AS a
WHERE a.untyped
