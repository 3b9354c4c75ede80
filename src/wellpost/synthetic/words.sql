-- Words that repeat are numbered: that is how they are written fastest.
CREATE TYPE npi AS ENUM (SELECT UNNEST(GETVARIABLE('npis')));
CREATE TYPE tin AS ENUM (SELECT UNNEST(GETVARIABLE('tins')));
CREATE TYPE county AS ENUM (SELECT CAST(23001 + 2 * range AS VARCHAR) FROM RANGE(16));
CREATE TYPE visit AS ENUM ('office_visit', 'telehealth', 'other');
CREATE TYPE act AS ENUM ('view', 'download', 'transmit', 'api');
CREATE TYPE person AS ENUM ('clinician', 'staff', 'automated', 'patient', 'representative');
CREATE TYPE giver AS ENUM ('patient', 'device', 'non_clinical_setting');

CREATE MACRO visit_of(share) AS
    CASE WHEN share < 0.7 THEN CAST('office_visit' AS visit)
        WHEN share < 0.85 THEN CAST('telehealth' AS visit)
        ELSE CAST('other' AS visit) END;

-- Who works where. Few practices have most clinicians, most have one; every tenth clinician works
-- in a second one. How readily a clinician writes differs: half of them write few messages.
CREATE TABLE roster AS
SELECT
    number,
    CAST(GETVARIABLE('npis')[number + 1] AS npi) AS npi,
    CAST(GETVARIABLE('tins')[practice + 1] AS tin) AS tin,
    CAST(GETVARIABLE('tins')[IF(chance(number, 'moves') < 0.1, second, practice) + 1] AS tin)
        AS other,
    CAST(CAST(23001 + 2 * draw(practice, 'county', 16) AS VARCHAR) AS county) AS county,
    0.9 * POW(chance(number, 'ready'), 3) AS ready
FROM (
    SELECT
        number,
        draw_skewed(number, 'second', practices, 30) AS second,
        CASE WHEN place < practices THEN place
            ELSE draw_skewed(number, 'practice', practices, 100) END AS practice
    FROM (
        SELECT
            range AS number,
            GETVARIABLE('practices') AS practices,
            ROW_NUMBER() OVER (ORDER BY HASH(range, GETVARIABLE('seed')), range) - 1 AS place
        FROM RANGE(GETVARIABLE('clinicians'))
    )
);
