-- Exclusion: 50 percent or more of the clinician's encounters in a county where fewer than 50
-- percent of housing units have 4 Mbps broadband, by the latest FCC data on the first day of the
-- period (42 CFR 495.24(d)(6)(i)(C)). Each encounter, and whether it was in such a county.
SELECT
    e.tin,
    e.npi,
    e.seen_on,
    CASE WHEN b.percent_4mbps < 50 THEN 0 ELSE 1 END AS speaks_against
FROM encounters AS e
LEFT JOIN (
    SELECT c.county, c.percent_4mbps
    FROM counties AS c
    INNER JOIN (
        SELECT known.county, MAX(known.as_of) AS as_of
        FROM counties AS known
        WHERE known.as_of <= :period_start
        GROUP BY known.county
    ) AS latest ON latest.county = c.county AND latest.as_of = c.as_of
) AS b ON b.county = e.county
