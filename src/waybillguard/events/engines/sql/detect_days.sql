-- Which days and tenants there are, and whether the log says what was exposed and what explains a look.
SELECT
  tenant, day,
  count(*) AS events,
  count(CASE WHEN look AND exposed THEN 1 END) AS exposed,
  count(CASE WHEN look AND explained_by IS NOT NULL THEN 1 END) AS explained,
  count(CASE WHEN look AND action = 'print' THEN 1 END) AS prints,
  count(CASE WHEN look AND action = 'reveal' THEN 1 END) AS reveals,
  count(CASE WHEN workstation IS NOT NULL THEN 1 END) AS placed,
  count(account) AS named,
  count(CASE WHEN scan THEN 1 END) AS scans
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant)
GROUP BY tenant, day
ORDER BY tenant NULLS FIRST, day NULLS FIRST
