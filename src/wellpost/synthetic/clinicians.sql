SELECT npi, tin, 'Clinician ' || number AS name FROM roster
UNION ALL
SELECT npi, other, 'Clinician ' || number FROM roster WHERE other <> tin
