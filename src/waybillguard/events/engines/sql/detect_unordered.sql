-- Labels printed on one day that the list of orders does not explain: no such order of the tenant, or one made before
-- ``old_us``. ``printed`` is how many labels the tenant printed on the day. Tables beside the events: ``orders``.
WITH labels AS (
  SELECT DISTINCT tenant, account, order_id FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND look AND action IN ('print', 'reprint')
),
known AS (
  SELECT tenant, order_id, max(created_us) AS created_us FROM orders
  WHERE order_id IN (SELECT labels.order_id FROM labels)
  GROUP BY tenant, order_id
),
printed AS (
  SELECT tenant, count(DISTINCT order_id) AS labels FROM labels GROUP BY tenant
)
SELECT
  labels.tenant, labels.account, labels.order_id, known.order_id IS NULL AS stranger, printed.labels AS printed
FROM labels
JOIN printed ON printed.tenant = labels.tenant
LEFT JOIN known ON known.tenant = labels.tenant AND known.order_id = labels.order_id
WHERE known.order_id IS NULL OR known.created_us < :old_us
ORDER BY labels.tenant, labels.account NULLS FIRST, labels.order_id
