-- The same, and apart those of which the next of the same id is of another patient or of none; of one
-- that is of none nothing is lost.
SELECT
    CASE WHEN of IS NOT NULL AND of IS DISTINCT FROM next_of THEN 'repeated_for_another' ELSE 'repeated' END AS reason,
    count(*),
    arg_min({'file': file, 'id': id}, file, 3)
FROM (
    SELECT
        c.file,
        c.id,
        whose(c.patient_id, c.patient) AS of,
        lead(of) OVER in_order AS next_of,
        lead(true) OVER in_order AS comes_again
    FROM THE_TYPE_came AS c
    JOIN file_number AS f ON f.file = c.file
    WHERE hash(c.id) IN (SELECT mark FROM THE_TYPE_twice)
    WINDOW in_order AS (PARTITION BY c.id ORDER BY f.number, c.file_row_number)
)
WHERE comes_again
GROUP BY reason
ORDER BY reason
