-- Check: at least 50 percent of the clinician's encounters in the period were at locations equipped
-- with certified technology (42 CFR 495.4, "Meaningful EHR user"). Each encounter, whether it was
-- at one, and whether that is known: a location of which nothing is known speaks for nobody.
SELECT
    e.tin,
    e.npi,
    e.seen_on,
    CASE WHEN e.certified_location THEN 1 ELSE 0 END AS is_so,
    CASE WHEN e.certified_location IS NULL THEN 0 ELSE 1 END AS is_known
FROM encounters AS e
