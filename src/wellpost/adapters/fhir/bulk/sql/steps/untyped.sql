-- The ids of parties without a type.
SELECT DISTINCT one.id
FROM (SELECT unnest(parties) AS one FROM unsettled)
WHERE one.kind = '' AND one.id <> ''
