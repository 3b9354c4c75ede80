-- Messages that do not say to whom they went, with the parties of their thread instead; and whatever
-- names a party without saying of which type it is.
CREATE OR REPLACE TABLE unsettled AS
SELECT
    'communication' AS of,
    c.id,
    [c.from_whom] || CASE
        WHEN len(c.to_whom) > 0 THEN c.to_whom
        ELSE list_filter(coalesce(up.to_whom, []), lambda one: one.id <> c.from_whom.id)
    END AS parties
FROM communication AS c
LEFT JOIN thread AS t ON t.id = c.id
LEFT JOIN communication AS up ON up.id = t.thread_id
WHERE c.untyped OR (len(c.to_whom) = 0 AND t.thread_id IS NOT NULL)
UNION ALL
SELECT 'appointment', a.id, a.actors
FROM appointment AS a
WHERE a.untyped
