-- Communications that are part of something, or answer it, of which the first is no top: there is
-- more above it, or it is not there.
CREATE OR REPLACE TABLE deeper AS
SELECT c.id, coalesce(c.above, [c.first_above, c.in_reply_to]) AS above
FROM communication AS c
ANTI JOIN top AS t ON t.id = c.first_above
WHERE c.first_above IS NOT NULL
