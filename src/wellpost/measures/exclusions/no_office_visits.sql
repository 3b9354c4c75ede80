-- Exclusion: no office visits during the period (42 CFR 495.24(d)(6)(i)(C)). An office visit is a
-- billable evaluation and management encounter, telehealth included. These are the office visits;
-- who has none in the period qualifies.
SELECT
    e.tin,
    e.npi,
    e.seen_on,
    1 AS speaks_against
FROM encounters AS e
WHERE e.kind IN ('office_visit', 'telehealth')
