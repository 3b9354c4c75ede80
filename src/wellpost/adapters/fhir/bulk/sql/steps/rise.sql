-- Each communication as far up again as it has come.
CREATE OR REPLACE TABLE thread AS
SELECT t.id, coalesce(further.thread_id, t.thread_id) AS thread_id
FROM thread AS t
LEFT JOIN thread AS further ON further.id = t.thread_id
