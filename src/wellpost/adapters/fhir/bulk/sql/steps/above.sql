-- For each communication that is part of another one, or answers one, the first of these that is
-- there. Of most the first that they name is.
CREATE OR REPLACE TABLE above AS
WITH named_above AS (
    SELECT id, above, above[1] IN (SELECT id FROM communication) AS first_is_there
    FROM communication
    WHERE len(above) > 0
),
others AS (
    SELECT id, unnest(above) AS up, generate_subscripts(above, 1) AS place
    FROM named_above
    WHERE NOT first_is_there AND len(above) > 1
),
found AS (
    SELECT id, above[1] AS up FROM named_above WHERE first_is_there
    UNION ALL
    SELECT id, arg_min(up, place) FROM others WHERE up IN (SELECT id FROM communication) GROUP BY id
)
SELECT id, up FROM found WHERE up <> id
