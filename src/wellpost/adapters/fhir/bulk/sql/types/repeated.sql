-- Resources whose id comes again further on: in a later file, or further down in the same one.
CREATE OR REPLACE TABLE THE_TYPE_repeated AS
SELECT part, nth
FROM (
    SELECT
        c.part,
        c.file_row_number AS nth,
        row_number() OVER (
            PARTITION BY c.id ORDER BY f.number DESC, c.file_row_number DESC
        ) AS from_the_end
    FROM THE_TYPE_came AS c
    JOIN file_number AS f ON f.file = c.file
    WHERE hash(c.id) IN (SELECT mark FROM THE_TYPE_twice)
)
WHERE from_the_end > 1
