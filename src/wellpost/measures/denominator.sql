-- Denominator of every measure: unique patients seen by the clinician during the reporting period
-- (42 CFR 495.24(d)(6)(i)(B); 414.1305 performance period). Every encounter is considered here;
-- `because` says why one does not count. The engine keeps the days of the period and counts each
-- patient once. A telehealth encounter is an encounter. Policy seen: whether one of kind `other` is.
SELECT
    e.tin,
    e.npi,
    e.patient_id,
    e.seen_on,
    e.encounter_id,
    CASE
        WHEN :seen = 'visits_only' AND e.kind = 'other' THEN 'not_a_visit'
    END AS because
FROM encounters AS e
