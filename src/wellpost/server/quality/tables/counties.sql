-- Broadband by county, as the practice that asks brought it in; nobody else's.
SELECT
  county.county AS county,
  county.as_of AS as_of,
  county.percent_4mbps AS percent_4mbps,
  county.percent_3mbps AS percent_3mbps
FROM quality_county AS county
JOIN people_practice AS practice ON practice.id = county.practice_id
WHERE county.practice_id = :asked_by
