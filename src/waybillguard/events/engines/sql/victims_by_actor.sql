-- Which account, at which station, on which day looked at most victims (table ``victims`` beside the events).
SELECT
  tenant,
  account,
  workstation,
  day,
  count(DISTINCT order_id) AS victims,
  count(*) AS looks,
  count(*) FILTER (WHERE exposed) AS exposed,
  count(*) FILTER (WHERE explained_by IS NOT NULL) AS explained,
  min(ts_us) AS first_us,
  max(ts_us) AS last_us
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first_day AND :last_day AND look
  AND order_id IN (SELECT victims.order_id FROM victims)
GROUP BY tenant, account, workstation, day
ORDER BY victims DESC, tenant, account NULLS FIRST, workstation NULLS FIRST, day
LIMIT :most
