-- Appointments, with their actors settled.
CREATE OR REPLACE VIEW appointment AS
SELECT
    a.* REPLACE (
        coalesce(s.said, a.parties) AS parties,
        CASE WHEN s.id IS NULL THEN a.party ELSE s.party END AS party
    )
FROM appointment_held AS a
LEFT JOIN settled AS s ON s.of = 'appointment' AND s.id = a.id
