-- Ids that may come twice. Most come once, which eight bytes of each can tell.
CREATE OR REPLACE TABLE THE_TYPE_twice AS
SELECT hash(id) AS mark FROM THE_TYPE_came GROUP BY 1 HAVING count(*) > 1
