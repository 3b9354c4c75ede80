-- When the information of an encounter that stands could be reached.
SELECT
  text_id(encounter.id) AS encounter_id,
  permit.available_on AS available_on,
  permit.vdt_on AS vdt_on,
  permit.api_on AS api_on
FROM records_accessgrant AS permit
JOIN records_encounter AS encounter ON encounter.id = permit.encounter_id
JOIN people_practice AS practice ON practice.id = encounter.practice_id
WHERE encounter.cancelled_at IS NULL
