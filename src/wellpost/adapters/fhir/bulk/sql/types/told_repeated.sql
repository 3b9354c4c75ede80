-- How many of THE_TYPE come again further on, and three of the first places.
SELECT 'repeated', count(*), arg_min({'file': c.file, 'id': c.id}, c.file, 3)
FROM THE_TYPE_repeated AS r
JOIN THE_TYPE_came AS c ON c.part = r.part AND c.file_row_number = r.nth
HAVING count(*) > 0
