-- Every order that was printed or looked at on a station between two moments: what a program on it could copy.
SELECT
  order_id,
  min(ts_us) AS first_us,
  max(ts_us) AS last_us,
  count(*) FILTER (WHERE action IN ('print', 'reprint')) AS prints,
  count(*) FILTER (WHERE action NOT IN ('print', 'reprint')) AS reads,
  coalesce(bool_or(exposed), false) AS exposed,
  count(DISTINCT account) AS accounts
FROM events
WHERE tenant = :tenant AND workstation = :workstation AND look AND ts_us >= :from_us AND ts_us < :to_us
GROUP BY order_id
ORDER BY first_us, order_id
