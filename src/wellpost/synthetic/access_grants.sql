-- Most information could be reached in time; some late, some never.
SELECT
    'E' || visits.i AS encounter_id,
    visits.available_on,
    CASE WHEN visits.opened < 0.97
        THEN visits.available_on + IF(visits.opened < 0.93, visits.days, visits.days + 9) END
        AS vdt_on,
    CASE WHEN visits.opened BETWEEN 0.01 AND 0.98
        THEN visits.available_on + IF(visits.opened < 0.95, visits.days, visits.days + 9) END
        AS api_on
FROM (
    SELECT
        i,
        day_of(i, 'day') + CAST(draw(i, 'available', 3) AS INTEGER) AS available_on,
        CAST(draw(i, 'days', 3) AS INTEGER) AS days,
        chance(i, 'opened') AS opened
    FROM numbers()
) AS visits
