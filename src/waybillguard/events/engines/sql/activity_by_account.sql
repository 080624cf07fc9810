-- What each account did from one day to another.
SELECT
  account,
  count(*) AS events,
  count(*) FILTER (WHERE look) AS looks,
  count(DISTINCT CASE WHEN look THEN order_id END) AS orders,
  count(*) FILTER (WHERE exposed AND allowed) AS exposed,
  count(*) FILTER (WHERE look AND explained_by IS NOT NULL) AS explained,
  count(*) FILTER (WHERE NOT allowed) AS refused,
  count(*) FILTER (WHERE action = 'login_failed') AS failed_logins,
  count(DISTINCT day) AS days,
  count(DISTINCT workstation) AS others,
  min(ts_us) AS first_us,
  max(ts_us) AS last_us
FROM events
WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day
GROUP BY account
ORDER BY looks DESC, account NULLS FIRST
