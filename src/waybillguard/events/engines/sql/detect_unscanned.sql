-- Labels printed on one day whose order was not scanned out up to ``soon``; ``late``: it was, up to ``last``. Only of
-- tenants that scanned anything in those days; ``printed`` is how many labels the tenant printed on the day.
WITH labels AS (
  SELECT DISTINCT tenant, account, order_id FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND look AND action IN ('print', 'reprint')
),
scanned AS (
  SELECT tenant, order_id, min(day) AS day FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :day AND :last AND scan
  GROUP BY tenant, order_id
),
printed AS (
  SELECT tenant, count(DISTINCT order_id) AS labels FROM labels GROUP BY tenant
)
SELECT
  labels.tenant, labels.account, labels.order_id, scanned.day IS NOT NULL AS late, printed.labels AS printed
FROM labels
JOIN printed ON printed.tenant = labels.tenant
LEFT JOIN scanned ON scanned.tenant = labels.tenant AND scanned.order_id = labels.order_id
WHERE labels.tenant IN (SELECT scanned.tenant FROM scanned) AND (scanned.day IS NULL OR scanned.day > :soon)
ORDER BY labels.tenant, labels.account NULLS FIRST, labels.order_id
