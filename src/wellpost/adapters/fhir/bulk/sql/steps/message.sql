-- Each communication with the patient whom it concerns, and the one who wrote it.
CREATE OR REPLACE VIEW message AS
SELECT
    c.*,
    -- the patient it concerns: its subject, else the patient who takes part
    CASE
        WHEN c.patient_id IS NOT NULL THEN NULL
        WHEN is_given(c.patient) THEN c.patient
        ELSE c.party
    END AS about,
    CASE
        WHEN c.patient_id IS NOT NULL OR is_given(c.patient)
            THEN id_of_patient(c.patient_id, c.patient)
        ELSE id_of_patient(c.party_id, c.party)
    END AS about_id,
    -- the patient who wrote it
    CASE WHEN c.from_whom.kind = 'Patient' THEN c.from_whom END AS writer,
    CASE
        WHEN starts_with(c.parties, 'Patient/|') THEN c.party_id
        WHEN c.from_whom.kind = 'Patient' THEN nullif(c.from_whom.id, '')
    END AS writer_id,
    -- whether another patient wrote it than the one it concerns
    writer_id IS NOT DISTINCT FROM about_id AND about_id IS NOT NULL AS for_themselves,
    (writer IS NOT NULL OR writer_id IS NOT NULL) AND NOT for_themselves AS for_another
FROM communication AS c
