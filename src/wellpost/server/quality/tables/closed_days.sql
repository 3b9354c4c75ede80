-- Days on which a practice says that it is closed.
SELECT practice.tin AS tin, closed.closed_on AS closed_on
FROM records_closedday AS closed
JOIN people_practice AS practice ON practice.id = closed.practice_id
