-- Devices that are mentioned, and whose each is.
SELECT
    id,
    patient.kind,
    patient.id || patient.system || patient.value || patient.display
FROM device
WHERE id IN (SELECT unnest($ids))
