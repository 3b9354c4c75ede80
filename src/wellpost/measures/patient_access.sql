-- Provide patient access: the patient (or the patient-authorized representative) had timely access
-- after every encounter of the period, by view, download and transmit and through an API: within 4
-- business days of the information being available to the clinician (CMS measure definitions
-- PI_PEA_1; ONC test deck RT2). One late encounter removes the patient, and a late first one is
-- never repaired. It is the clinician's under that TIN alone: what another TIN gave counts nothing
-- there. Without `api` (the MIPS transition set) view, download and transmit are enough.
-- Business days are Monday to Friday; the law names no holidays, so none is left out. The day on
-- which the information becomes available is day 0. `:monday` is a Monday to count weekdays from.
-- Access opened after `:known_by`, the day of attestation where acts are capped at it, cannot have
-- been counted in what was attested.
WITH opened AS (
    SELECT
        d.encounter_id, d.patient_id, d.npi, d.tin, d.seen_on,
        CASE
            WHEN g.vdt_on IS NULL THEN 'access_missing'
            WHEN :api = 'with' AND g.api_on IS NULL THEN 'access_missing'
            WHEN DATEDIFF(g.vdt_on, g.available_on) > g.days_allowed THEN 'access_late'
            WHEN :api = 'with' AND DATEDIFF(g.api_on, g.available_on) > g.days_allowed
                THEN 'access_late'
            WHEN g.vdt_on > :known_by THEN 'access_after_attestation'
            WHEN :api = 'with' AND g.api_on > :known_by THEN 'access_after_attestation'
        END AS fault
    FROM denominator AS d
    LEFT JOIN (
        SELECT
            a.encounter_id, a.available_on, a.vdt_on, a.api_on,
            CASE MOD(DATEDIFF(a.available_on, :monday), 7)
                WHEN 0 THEN 4  -- Monday to Friday
                WHEN 5 THEN 5  -- Saturday to Thursday
                WHEN 6 THEN 4  -- Sunday to Thursday
                ELSE 6         -- over one weekend
            END AS days_allowed
        FROM access_grants AS a
    ) AS g ON g.encounter_id = d.encounter_id
)
SELECT
    o.patient_id,
    o.npi,
    o.tin,
    o.seen_on AS counted_on,
    o.seen_on AS happened_on,
    'access' AS act,
    o.encounter_id AS act_id,
    CASE
        WHEN o.fault IS NOT NULL THEN o.fault
        WHEN other.npi IS NOT NULL THEN 'another_access_late'
    END AS because
FROM opened AS o
LEFT JOIN (
    SELECT DISTINCT late.npi, late.tin, late.patient_id
    FROM opened AS late
    WHERE late.fault IS NOT NULL
) AS other
    ON other.npi = o.npi
    AND other.patient_id = o.patient_id
    AND (:tins = 'together' OR other.tin = o.tin)
