-- Every eighth practice is in a virtual group, of about five.
SELECT
    'VG' || 1 + practice // 40 AS virtual_group,
    GETVARIABLE('tins')[practice + 1] AS tin
FROM (SELECT range AS practice FROM RANGE(GETVARIABLE('practices')))
WHERE practice % 8 = 0
