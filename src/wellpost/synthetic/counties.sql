-- Broadband by county, as of the first day of the year: poor in a few.
SELECT
    CAST(23001 + 2 * range AS VARCHAR) AS county,
    GETVARIABLE('starts_on') AS as_of,
    ROUND(100 - 70 * POW(chance(range, 'broadband'), 2), 1) AS percent_4mbps
FROM RANGE(16)
