-- Of those named by identifier, the record that stands for them.
CREATE OR REPLACE TABLE named AS
SELECT n.system, n.value, n.ambiguous, CASE WHEN NOT n.ambiguous THEN p.standing END AS standing
FROM named AS n
JOIN patients AS p ON p.id = n.id
