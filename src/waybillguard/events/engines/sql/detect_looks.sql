-- The looks that an alert may rest on, of the accounts and days watched. Tables beside the events: ``watched`` (an
-- account and the days; '' is an event without account), ``labels`` (orders whose prints are asked about), ``decoys``
-- and ``unstated`` as in ``detect_cells``.
WITH wanted AS (
  SELECT
    events.tenant, events.account, events.workstation,
    CASE WHEN events.workstation IS NULL THEN events.ip END AS ip,
    events.day, events.w10, events.ts_us, events.action, events.order_id, events.session, events.purpose,
    events.explained_by, events.event_id, events.look, events.scan,
    events.look AND NOT events.scan AND (events.exposed OR concat(events.tenant, ' ', events.action) IN (
      SELECT concat(unstated.tenant, ' ', unstated.action) FROM unstated
    )) AS plain,
    events.look AND (coalesce(events.decoy, false) OR events.order_id IN (SELECT decoys.order_id FROM decoys)) AS bait
  FROM events
  JOIN watched ON events.tenant = watched.tenant AND coalesce(events.account, '') = watched.account
    AND events.day = watched.day
  WHERE (:tenant IS NULL OR events.tenant = :tenant) AND events.allowed AND (events.look OR events.action = 'export')
    AND events.day BETWEEN :first_day AND :last_day
)
SELECT
  tenant, account, workstation, ip, day, w10, ts_us, action, order_id, session, purpose, explained_by, event_id, plain,
  bait
FROM wanted
WHERE (plain AND action <> 'print') OR (plain AND explained_by IS NULL) OR bait OR action IN ('reprint', 'export')
  OR (action = 'print' AND order_id IN (SELECT labels.order_id FROM labels))
  OR (explained_by IS NULL AND NOT scan AND action IN ('view', 'search'))
ORDER BY tenant, ts_us, event_id NULLS FIRST, account NULLS FIRST, order_id NULLS FIRST, action, workstation NULLS FIRST
