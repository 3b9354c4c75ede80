-- Patient-generated health data, or data from a non-clinical setting, incorporated into the record
-- (42 CFR 495.24(d)(6)(i)(B)(3); 2017 MIPS specification ACI_CCTPE_3; ONC test deck RT6). What was
-- only received does not count. The clinician who incorporated it is credited, on that day.
SELECT
    d.patient_id,
    d.npi,
    d.incorporated_on AS counted_on,
    d.received_on AS happened_on,
    'incorporated_data' AS act,
    CAST(NULL AS TEXT) AS act_id,
    CASE
        WHEN d.incorporated_on IS NULL THEN 'not_incorporated'
        WHEN d.npi IS NULL THEN 'for_no_clinician'
    END AS because
FROM patient_data AS d
