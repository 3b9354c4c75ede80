-- Each event in which the patient's side acted as the use it tells of, or with the reason why it
-- tells of none.
WITH event_of AS (
    SELECT
        e.*,
        -- whose information: the patient touched, else who acted, else the one whom they act for
        CASE
            WHEN is_given(e.touched) THEN e.touched
            WHEN e.acting.kind = 'Patient' THEN e.acting
            ELSE r.patient
        END AS whose
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
        WHEN e.acting.kind = 'Patient'
            AND coalesce(pa.standing, na.standing) = coalesce(p.standing, n.standing) THEN 'patient'
        ELSE 'representative'
    END AS acted_by,
    CASE
        WHEN NOT list_contains($succeeded, e.outcome) THEN 'not_successful'
        WHEN u.action IS NULL THEN 'no_use'
        WHEN n.ambiguous THEN 'ambiguous_patient'
        WHEN p.standing IS NULL AND n.standing IS NULL THEN 'unknown_patient'
        WHEN e.acted_on IS NULL THEN 'no_day'
    END AS reason
FROM event_of AS e
LEFT JOIN patients AS p ON p.id = e.whose.id AND e.whose.kind IN ('', 'Patient')
LEFT JOIN named AS n
    ON n.system = e.whose.system AND n.value = e.whose.value AND e.whose.kind IN ('', 'Patient')
LEFT JOIN patients AS pa ON pa.id = e.acting.id AND e.acting.kind = 'Patient'
LEFT JOIN named AS na
    ON na.system = e.acting.system AND na.value = e.acting.value AND e.acting.kind = 'Patient'
LEFT JOIN use_said AS u ON u.said = e.what
LEFT JOIN observer AS o ON o.said = e.observer
