-- Exclusion: 50 percent or more of the clinician's encounters in a county where fewer than 50
-- percent of housing units have 4 Mbps broadband, by the latest FCC data on the first day of the
-- period (42 CFR 495.24(d)(6)(i)(C)); 3 Mbps in Stage 2 of 2014 (495.6(j)). Each encounter, and
-- whether it was in such a county.
SELECT
    e.tin,
    e.npi,
    e.seen_on,
    CASE WHEN b.percent_served < 50 THEN 0 ELSE 1 END AS speaks_against
FROM encounters AS e
LEFT JOIN (
    SELECT
        c.county,
        CASE
            WHEN :broadband = '3_mbps' THEN c.percent_3mbps ELSE c.percent_4mbps
        END AS percent_served
    FROM counties AS c
    INNER JOIN (
        SELECT known.county, MAX(known.as_of) AS as_of
        FROM counties AS known
        WHERE known.as_of <= :period_start
        GROUP BY known.county
    ) AS latest ON latest.county = c.county AND latest.as_of = c.as_of
) AS b ON b.county = e.county
