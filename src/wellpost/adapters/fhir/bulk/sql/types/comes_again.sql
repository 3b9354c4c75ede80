-- Those of THE_TYPE.
INSERT INTO comes_again
SELECT $kind, file, id, patient_id, patient, next_patient_id, next_patient
FROM (
    SELECT
        c.file,
        c.id,
        c.patient_id,
        c.patient,
        lead(c.patient_id) OVER in_order AS next_patient_id,
        lead(c.patient) OVER in_order AS next_patient,
        lead(true) OVER in_order AS again
    FROM THE_TYPE_came AS c
    JOIN file_number AS f ON f.file = c.file
    WHERE hash(c.id) IN (SELECT mark FROM THE_TYPE_twice)
    WINDOW in_order AS (PARTITION BY c.id ORDER BY f.number, c.file_row_number)
)
WHERE again
