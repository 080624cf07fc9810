-- What each warehouse's log holds: looks, whether any says that plain data was shown or why, and its days.
SELECT
  tenant,
  count(*) FILTER (WHERE look) AS looks,
  count(*) FILTER (WHERE look AND exposed) AS exposed,
  count(*) FILTER (WHERE look AND exposed AND explained_by IS NOT NULL) AS explained,
  min(day) AS first_day,
  max(day) AS last_day
FROM events
WHERE :tenant IS NULL OR tenant = :tenant
GROUP BY tenant
ORDER BY tenant
