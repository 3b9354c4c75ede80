-- Things of which THE_TYPE_told may tell twice. Most it tells of once, which eight bytes of each tell.
SELECT count(*) FROM (SELECT 1 FROM THE_TYPE_told GROUP BY hash(target) HAVING count(*) > 1)
