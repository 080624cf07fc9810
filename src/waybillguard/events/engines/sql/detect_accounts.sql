-- Days by account and place: whether anybody worked there, when, and for which actions looks are explained.
-- Tables beside the events: ``unstated`` and ``unprinted``, as in ``detect_cells``.
WITH told AS (
  SELECT
    *, scan AND NOT (concat(tenant, ' ', day, ' ', coalesce(account, ''), ' ', order_id) IN (
      SELECT concat(unprinted.tenant, ' ', unprinted.day, ' ', unprinted.account, ' ', unprinted.order_id) FROM unprinted
    )) AS scanned,
    exposed OR concat(tenant, ' ', action) IN (SELECT concat(unstated.tenant, ' ', unstated.action) FROM unstated) AS plain
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first_day AND :last_day
)
SELECT
  day, tenant, account, workstation, CASE WHEN workstation IS NULL THEN ip END AS ip,
  count(*) AS events,
  count(CASE WHEN look AND NOT scanned THEN 1 END) AS looks,
  count(CASE WHEN look AND explained_by IS NOT NULL THEN 1 END) AS explained,
  count(CASE WHEN look AND NOT scanned AND action NOT IN ('print', 'reprint', 'export') AND plain THEN 1 END) AS shown,
  count(CASE WHEN look AND NOT scanned AND action NOT IN ('print', 'reprint', 'export') AND explained_by IS NOT NULL AND plain THEN 1 END) AS shown_explained,
  count(CASE WHEN look AND action = 'print' THEN 1 END) AS prints,
  count(CASE WHEN look AND action = 'print' AND explained_by IS NOT NULL THEN 1 END) AS prints_explained,
  count(CASE WHEN look AND action = 'reprint' THEN 1 END) AS reprints,
  count(CASE WHEN look AND action = 'reprint' AND explained_by IS NOT NULL THEN 1 END) AS reprints_explained,
  min(w10) AS first_w10,
  max(w10) AS last_w10
FROM told
GROUP BY day, tenant, account, workstation, CASE WHEN workstation IS NULL THEN ip END
ORDER BY day, tenant, account NULLS FIRST, workstation NULLS FIRST, ip NULLS FIRST
