-- View, download, transmit, or access through an API: the patient (or the patient-authorized
-- representative) does it, each patient once (42 CFR 495.24(d)(6)(i)(B)(1); 2017 MIPS specification
-- ACI_CCTPE_1; ONC test deck RT4). It is credited to every clinician who saw the patient in the
-- period and belongs to the practice whose portal it was; a portal of no practice in particular is
-- everyone's. A clinician's own viewing or printing never counts. `seen` is who saw whom in the
-- period. Without `api` (Stage 2 of 2014, the MIPS transition set) access through an API is no use.
SELECT
    p.patient_id,
    s.npi,
    p.acted_on AS counted_on,
    p.acted_on AS happened_on,
    p.action AS act,
    CAST(NULL AS TEXT) AS act_id,
    CASE
        WHEN p.acted_by IN ('clinician', 'staff') THEN 'not_by_patient'
        WHEN :api = 'without' AND p.action = 'api' THEN 'through_an_api'
        WHEN s.npi IS NULL THEN 'not_seen_in_period'
        WHEN p.tin IS NOT NULL AND c.npi IS NULL THEN 'other_practice'
    END AS because
FROM portal_actions AS p
LEFT JOIN seen AS s ON s.patient_id = p.patient_id
LEFT JOIN clinicians AS c ON c.npi = s.npi AND c.tin = p.tin
