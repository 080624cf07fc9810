-- Access records as they were written, of a period and a scope (tables ``victims``, ``scope_accounts``,
-- ``scope_stations``); no column names a consignee.
SELECT
  event_id, ts_us, day, w10, account, person, workstation, ip, session, device, action, order_id, purpose, exposed,
  allowed, explained_by, explained_ref, category
FROM events
WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day
  AND (NOT :victims_only OR order_id IN (SELECT victims.order_id FROM victims))
  AND (NOT :accounts_only OR account IN (SELECT scope_accounts.name FROM scope_accounts))
  AND (NOT :stations_only OR workstation IN (SELECT scope_stations.name FROM scope_stations))
ORDER BY ts_us, event_id NULLS FIRST, order_id NULLS FIRST, action, account NULLS FIRST
