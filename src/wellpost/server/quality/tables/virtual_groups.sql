-- The practices of each virtual group of the years asked about: those that agreed and did not leave.
SELECT virtual.name AS virtual_group, practice.tin AS tin
FROM quality_virtualgrouptin AS member
JOIN quality_virtualgroup AS virtual ON virtual.id = member.group_id
JOIN people_practice AS practice ON practice.tin = member.tin
WHERE member.agreed_at IS NOT NULL
  AND member.left_at IS NULL
  AND virtual.year BETWEEN :first_year AND :last_year
