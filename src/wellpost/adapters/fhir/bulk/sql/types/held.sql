-- What is held of THE_TYPE: of resources with one id the last.
CREATE OR REPLACE VIEW THE_TYPE_held AS
SELECT *
FROM THE_TYPE_came AS c
WHERE NOT EXISTS (
    FROM THE_TYPE_repeated AS r WHERE r.part = c.part AND r.nth = c.file_row_number
)
