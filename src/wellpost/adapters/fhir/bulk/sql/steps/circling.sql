-- Communications from which the way up never ends, and what stands above each.
SELECT a.id, a.up
FROM above AS a
WHERE a.id IN (SELECT t.id FROM thread AS t JOIN above AS b ON b.id = t.thread_id)
