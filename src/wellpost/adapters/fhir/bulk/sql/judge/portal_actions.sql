-- Each event in which the patient's side acted as the use it tells of, or with the reason why it
-- tells of none.
WITH event_of AS (
    SELECT
        e.*,
        -- whose information: the patient touched, else who acted, else the one whom they act for
        CASE
            WHEN e.touched_id IS NOT NULL THEN NULL
            WHEN is_given(e.touched) THEN e.touched
            WHEN e.acting_id IS NOT NULL THEN NULL
            WHEN e.acting.kind = 'Patient' THEN e.acting
            ELSE r.patient
        END AS whose,
        CASE
            WHEN e.touched_id IS NOT NULL OR is_given(e.touched) THEN e.touched_id
            ELSE e.acting_id
        END AS plain_whose,
        id_of_patient(plain_whose, whose) AS whose_id,
        coalesce(
            e.acting_id,
            CASE WHEN e.acting.kind = 'Patient' THEN nullif(e.acting.id, '') END
        ) AS patient_acting,
        coalesce(patient_acting = whose_id, false) AS for_themselves
    FROM event AS e
    LEFT JOIN related_person AS r ON r.id = e.acting.id AND e.acting.kind = 'RelatedPerson'
)
SELECT
    e.file,
    e.id,
    coalesce(p.standing, n.standing) AS patient_id,
    nullif(o.tin, '') AS tin,
    e.acted_on,
    u.action,
    CASE
        WHEN e.for_themselves
            OR coalesce(pa.standing, na.standing) = coalesce(p.standing, n.standing) THEN 'patient'
        ELSE 'representative'
    END AS acted_by,
    CASE
        WHEN NOT list_contains($succeeded, e.outcome) THEN 'not_successful'
        WHEN u.action IS NULL THEN 'no_use'
        WHEN n.ambiguous THEN 'ambiguous_patient'
        WHEN means_nobody(e.plain_whose, e.whose) THEN 'no_patient'
        WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
        WHEN e.acted_on IS NULL THEN 'no_day'
    END AS reason
FROM event_of AS e
LEFT JOIN patients AS p ON p.id = e.whose_id
LEFT JOIN named AS n
    ON n.system = e.whose.system AND n.value = e.whose.value AND e.whose.kind IN ('', 'Patient')
LEFT JOIN patients AS pa ON pa.id = e.patient_acting AND NOT e.for_themselves
LEFT JOIN named AS na
    ON na.system = e.acting.system AND na.value = e.acting.value AND e.acting.kind = 'Patient'
LEFT JOIN use_said AS u ON u.said = e.what
LEFT JOIN observer AS o ON o.said = e.observer
