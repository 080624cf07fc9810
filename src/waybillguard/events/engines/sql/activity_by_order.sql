-- The orders that were looked at most often; those nobody's work explains come first.
SELECT
  order_id,
  count(*) AS looks,
  count(DISTINCT account) AS accounts,
  count(DISTINCT workstation) AS workstations,
  count(*) FILTER (WHERE exposed) AS exposed,
  count(*) FILTER (WHERE explained_by IS NOT NULL) AS explained,
  min(ts_us) AS first_us,
  max(ts_us) AS last_us
FROM events
WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day AND look
GROUP BY order_id
ORDER BY looks - explained DESC, looks DESC, order_id
LIMIT :most
