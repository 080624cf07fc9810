-- Labels printed on one day that the list of orders does not explain: no such order of the tenant, or one made before
-- ``old_us``. ``printed`` is how many labels the tenant printed on the day. Tables beside the events: ``orders``.
WITH day_labels AS (
  SELECT DISTINCT tenant, account, order_id FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND look AND action IN ('print', 'reprint')
),
known AS (
  SELECT tenant, order_id, max(created_us) AS created_us FROM orders
  WHERE order_id IN (SELECT day_labels.order_id FROM day_labels)
  GROUP BY tenant, order_id
),
printed AS (
  SELECT tenant, count(DISTINCT order_id) AS labels FROM day_labels GROUP BY tenant
)
SELECT
  day_labels.tenant, day_labels.account, day_labels.order_id, known.order_id IS NULL AS unlisted, printed.labels AS printed
FROM day_labels
JOIN printed ON printed.tenant = day_labels.tenant
LEFT JOIN known ON known.tenant = day_labels.tenant AND known.order_id = day_labels.order_id
WHERE known.order_id IS NULL OR known.created_us < :old_us
ORDER BY day_labels.tenant, day_labels.account NULLS FIRST, day_labels.order_id
