-- Which of these ids are held as THE_TYPE.
SELECT id FROM THE_TYPE WHERE id IN (SELECT unnest($ids))
