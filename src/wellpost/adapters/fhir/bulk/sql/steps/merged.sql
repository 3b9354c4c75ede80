-- Patients whose record was merged into another one that is there, and into which.
SELECT a.id, coalesce(p.id, n.id) AS above
FROM patient AS a
LEFT JOIN patient AS p ON p.id = a.replaced_by.id AND a.replaced_by.kind IN ('', 'Patient')
LEFT JOIN named AS n
    ON n.system = a.replaced_by.system AND n.value = a.replaced_by.value
    AND a.replaced_by.kind IN ('', 'Patient') AND NOT n.ambiguous
WHERE is_given(a.replaced_by) AND coalesce(p.id, n.id) IS NOT NULL
