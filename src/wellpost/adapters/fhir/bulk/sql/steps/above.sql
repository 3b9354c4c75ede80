-- What stands above each communication of which that is more than the top of a thread, or less: the
-- first of what it names that is there, and the same of those above it.
CREATE OR REPLACE TABLE above AS
WITH named_above AS (
    SELECT id, unnest(above) AS up, generate_subscripts(above, 1) AS place FROM deeper
),
there AS (
    SELECT id, first_above FROM communication WHERE id IN (SELECT up FROM named_above)
),
found AS (
    SELECT n.id, arg_min(n.up, n.place) AS up
    FROM named_above AS n
    JOIN there AS t ON t.id = n.up
    GROUP BY n.id
)
SELECT id, up FROM found WHERE up <> id
UNION ALL
SELECT id, first_above FROM there WHERE first_above IS NOT NULL AND id NOT IN (SELECT id FROM deeper)
