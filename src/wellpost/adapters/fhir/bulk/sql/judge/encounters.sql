-- Each encounter as the fact it is, or with the reason why it is none.
SELECT
    e.file,
    e.id,
    coalesce(p.standing, n.standing) AS patient_id,
    w.npi,
    w.tin,
    e.seen_on,
    k.kind,
    w.practitioner_id,
    w.organization_id,
    CASE
        WHEN NOT list_contains($seen, text_of(e.status)) THEN 'not_seen'
        WHEN n.ambiguous THEN 'ambiguous_patient'
        WHEN list_contains($no_one_patient_of_encounter, e.patient.kind) THEN 'no_one_patient'
        WHEN means_nobody(e.patient_id, e.patient) THEN 'no_subject'
        WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
        WHEN w.reason <> '' THEN w.reason
        WHEN e.seen_on IS NULL THEN 'no_day'
    END AS reason
FROM encounter AS e
LEFT JOIN patients AS p ON p.id = id_of_patient(e.patient_id, e.patient)
LEFT JOIN named AS n
    ON n.system = e.patient.system AND n.value = e.patient.value AND e.patient.kind IN ('', 'Patient')
LEFT JOIN who AS w ON w.said = e.who
LEFT JOIN visit_kind AS k ON k.said = e.what
