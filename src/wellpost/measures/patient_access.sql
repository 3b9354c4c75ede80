-- Provide patient access: the patient (or the patient-authorized representative) had timely access
-- after every encounter of the period, by view, download and transmit and through an API: within 4
-- business days of the information being available to the clinician (CMS measure definitions
-- PI_PEA_1; ONC test deck RT2). One late encounter removes the patient, and a late first one is
-- never repaired. It is the clinician's under that TIN alone: what another TIN gave counts nothing
-- there. Without `api` (the MIPS transition set) view, download and transmit are enough.
-- Business days are Monday to Friday, but for the days the practice itself says it is closed; the
-- law names no holidays. The day on which the information becomes available is day 0: access is
-- late when 4 business days lie between that day and its own. `:monday` is a Monday to count
-- weekdays from: of n days after it, 5 in each whole week and at most 5 in the last.
-- Access opened after `:known_by`, the day of attestation where acts are capped at it, cannot have
-- been counted in what was attested.
WITH waited AS (
    SELECT
        g.encounter_id, g.vdt_on, g.api_on,
        (g.vdt_days - MOD(g.vdt_days, 7)) * 5 / 7
            + CASE WHEN MOD(g.vdt_days, 7) > 5 THEN 5 ELSE MOD(g.vdt_days, 7) END
            - g.weekdays_before - g.closed_before_vdt AS vdt_waited,
        (g.api_days - MOD(g.api_days, 7)) * 5 / 7
            + CASE WHEN MOD(g.api_days, 7) > 5 THEN 5 ELSE MOD(g.api_days, 7) END
            - g.weekdays_before - g.closed_before_api AS api_waited
    FROM (
        SELECT
            a.encounter_id, a.vdt_on, a.api_on,
            DATEDIFF(a.vdt_on, :monday) AS vdt_days,
            DATEDIFF(a.api_on, :monday) AS api_days,
            (DATEDIFF(a.available_on, :monday) + 1
                - MOD(DATEDIFF(a.available_on, :monday) + 1, 7)) * 5 / 7
                + CASE
                    WHEN MOD(DATEDIFF(a.available_on, :monday) + 1, 7) > 5 THEN 5
                    ELSE MOD(DATEDIFF(a.available_on, :monday) + 1, 7)
                END AS weekdays_before,
            COUNT(CASE WHEN c.closed_on < a.vdt_on THEN 1 END) AS closed_before_vdt,
            COUNT(CASE WHEN c.closed_on < a.api_on THEN 1 END) AS closed_before_api
        FROM access_grants AS a
        JOIN denominator AS of_tin ON of_tin.encounter_id = a.encounter_id
        LEFT JOIN (SELECT DISTINCT tin, closed_on FROM closed_days) AS c
            ON c.tin = of_tin.tin
            AND c.closed_on > a.available_on
            AND (c.closed_on < a.vdt_on OR c.closed_on < a.api_on)
            AND MOD(DATEDIFF(c.closed_on, :monday), 7) < 5
        GROUP BY a.encounter_id, a.available_on, a.vdt_on, a.api_on
    ) AS g
),
opened AS (
    SELECT
        d.encounter_id, d.patient_id, d.npi, d.tin, d.seen_on,
        CASE
            WHEN w.vdt_on IS NULL THEN 'access_missing'
            WHEN :api = 'with' AND w.api_on IS NULL THEN 'access_missing'
            WHEN w.vdt_waited >= 4 THEN 'access_late'
            WHEN :api = 'with' AND w.api_waited >= 4 THEN 'access_late'
            WHEN w.vdt_on > :known_by THEN 'access_after_attestation'
            WHEN :api = 'with' AND w.api_on > :known_by THEN 'access_after_attestation'
        END AS fault
    FROM denominator AS d
    LEFT JOIN waited AS w ON w.encounter_id = d.encounter_id
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
