-- How much each account, station and pair of them looked at, by day and goods class: kept at ingest.
SELECT
  tenant,
  day,
  CASE
    WHEN grouping(account) = 1 THEN 'workstation'
    WHEN grouping(workstation) = 1 THEN 'account'
    ELSE 'pair'
  END AS kind,
  account,
  workstation,
  category,
  count(*) AS looks,
  count(DISTINCT order_id) AS orders,
  count(*) FILTER (WHERE exposed) AS exposed,
  count(*) FILTER (WHERE explained_by IS NOT NULL) AS explained,
  min(w10) AS first_w10,
  max(w10) AS last_w10
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first_day AND :last_day AND look
GROUP BY GROUPING SETS (
  (tenant, day, category, account),
  (tenant, day, category, workstation),
  (tenant, day, category, account, workstation)
)
ORDER BY tenant, day, kind, account NULLS FIRST, workstation NULLS FIRST, category NULLS FIRST
