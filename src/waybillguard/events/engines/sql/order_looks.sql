-- Everything that happened to one order, in order of time.
SELECT
  ts_us, day, w10, action, account, person, workstation, session, purpose, exposed, allowed, explained_by,
  explained_ref, order_id, event_id
FROM events
WHERE tenant = :tenant AND order_id = :order_id
ORDER BY ts_us, event_id NULLS FIRST, account NULLS FIRST, action
LIMIT :most
