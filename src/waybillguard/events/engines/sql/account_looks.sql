-- What one account did, latest first, a page at a time: hand in the earliest ts_us of the page before.
SELECT
  ts_us, day, w10, action, account, person, workstation, session, purpose, exposed, allowed, explained_by,
  explained_ref, order_id, event_id
FROM events
WHERE tenant = :tenant AND account = :account AND day BETWEEN :first_day AND :last_day AND ts_us < :before_us
ORDER BY ts_us DESC, event_id NULLS FIRST, order_id NULLS FIRST, action
LIMIT :most
