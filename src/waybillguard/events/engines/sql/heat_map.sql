-- Looks by hour of the wall clock and day, of everybody, or of one account or station.
SELECT
  day,
  CAST(floor(w10 / 6) AS INTEGER) AS hour,
  count(*) AS looks,
  count(DISTINCT order_id) AS orders,
  count(*) FILTER (WHERE exposed) AS exposed,
  count(*) FILTER (WHERE explained_by IS NOT NULL) AS explained
FROM events
WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day AND look
  AND (:account IS NULL OR account = :account) AND (:workstation IS NULL OR workstation = :workstation)
GROUP BY day, CAST(floor(w10 / 6) AS INTEGER)
ORDER BY day, hour
