-- How many communications have not come to the top of their thread yet.
SELECT count(*) FROM thread AS t JOIN above AS a ON a.id = t.thread_id
