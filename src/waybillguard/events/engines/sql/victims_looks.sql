-- Every look at an order of a victim, from one day to another (table ``victims`` beside the events).
SELECT
  events.tenant, events.order_id, events.account, events.workstation, events.day, events.w10, events.ts_us,
  events.action, events.exposed, events.explained_by, events.category, events.order_day, events.decoy
FROM events
WHERE (:tenant IS NULL OR events.tenant = :tenant) AND events.day BETWEEN :first_day AND :last_day AND events.look
  AND events.order_id IN (SELECT victims.order_id FROM victims)
ORDER BY
  events.ts_us, events.order_id, events.tenant, events.account NULLS FIRST, events.workstation NULLS FIRST,
  events.action
