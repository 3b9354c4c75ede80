-- Each patient, with the record that stands for them.
SELECT p.id, coalesce(m.standing, p.id) AS standing
FROM patient AS p
LEFT JOIN merged AS m ON m.id = p.id
