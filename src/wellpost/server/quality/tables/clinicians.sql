-- Who belonged to a practice in the time asked about, or saw somebody there in it all the same.
SELECT DISTINCT clinician.npi AS npi, practice.tin AS tin, clinician.name AS name
FROM (
  SELECT clinician_id, practice_id
  FROM people_membership
  WHERE clinician_id IS NOT NULL
    AND starts_on <= :roster_end
    AND COALESCE(ends_on, :roster_end) >= :roster_start
    AND COALESCE(ends_on, starts_on) >= starts_on
  UNION
  SELECT clinician_id, practice_id
  FROM records_encounter
  WHERE cancelled_at IS NULL AND seen_on BETWEEN :roster_start AND :roster_end
) AS belonging
JOIN people_clinician AS clinician ON clinician.id = belonging.clinician_id
JOIN people_practice AS practice ON practice.id = belonging.practice_id
