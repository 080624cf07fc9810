-- The looks that an alert may rest on, of the accounts and days watched. Tables beside the events: ``watched`` (an
-- account and the days; '' is an event without account), ``labels`` (orders whose prints are asked about), ``decoys``,
-- ``unstated`` and ``unprinted`` as in ``detect_cells``.
WITH told AS (
  SELECT
    *, scan AND NOT (concat(tenant, ' ', day, ' ', coalesce(account, ''), ' ', order_id) IN (
      SELECT concat(unprinted.tenant, ' ', unprinted.day, ' ', unprinted.account, ' ', unprinted.order_id) FROM unprinted
    )) AS scanned
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND allowed AND (look OR action = 'export')
    AND day BETWEEN :first_day AND :last_day
),
wanted AS (
  SELECT
    told.tenant, told.account, told.workstation,
    CASE WHEN told.workstation IS NULL THEN told.ip END AS ip,
    told.day, told.w10, told.ts_us, told.action, told.order_id, told.session, told.purpose,
    told.explained_by, told.event_id, told.look, told.scanned,
    told.look AND NOT told.scanned AND (told.exposed OR concat(told.tenant, ' ', told.action) IN (
      SELECT concat(unstated.tenant, ' ', unstated.action) FROM unstated
    )) AS plain,
    told.look AND NOT told.scanned AND (coalesce(told.decoy, false) OR told.order_id IN (SELECT decoys.order_id FROM decoys))
      AS bait
  FROM told
  JOIN watched ON told.tenant = watched.tenant AND coalesce(told.account, '') = watched.account
    AND told.day = watched.day
)
SELECT
  tenant, account, workstation, ip, day, w10, ts_us, action, order_id, session, purpose, explained_by, event_id, plain,
  bait
FROM wanted
WHERE (plain AND action <> 'print') OR (plain AND explained_by IS NULL) OR bait OR action IN ('reprint', 'export')
  OR (action = 'print' AND order_id IN (SELECT labels.order_id FROM labels))
  OR (explained_by IS NULL AND NOT scanned AND action IN ('view', 'search'))
ORDER BY tenant, ts_us, event_id NULLS FIRST, account NULLS FIRST, order_id NULLS FIRST, action, workstation NULLS FIRST
