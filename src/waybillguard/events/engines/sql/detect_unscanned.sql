-- Labels printed on one day whose order was not scanned out up to ``soon``; ``late``: it was, up to ``last``. Each account
-- that printed has a row, with ``order_id`` null where all of its labels were scanned; ``printed`` is how many orders it
-- printed labels of. Only of tenants that scanned anything in those days.
WITH day_labels AS (
  SELECT DISTINCT tenant, coalesce(account, '') AS account, order_id FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND look AND action IN ('print', 'reprint')
),
scanned AS (
  SELECT tenant, order_id, min(day) AS day FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :day AND :last AND scan
  GROUP BY tenant, order_id
),
printed AS (
  SELECT tenant, account, count(*) AS labels FROM day_labels GROUP BY tenant, account
),
missed AS (
  SELECT day_labels.tenant, day_labels.account, day_labels.order_id, scanned.day IS NOT NULL AS late
  FROM day_labels
  LEFT JOIN scanned ON scanned.tenant = day_labels.tenant AND scanned.order_id = day_labels.order_id
  WHERE scanned.day IS NULL OR scanned.day > :soon
)
SELECT
  printed.tenant, printed.account, missed.order_id, coalesce(missed.late, false) AS late, printed.labels AS printed
FROM printed
LEFT JOIN missed ON missed.tenant = printed.tenant AND missed.account = printed.account
WHERE printed.tenant IN (SELECT scanned.tenant FROM scanned)
ORDER BY printed.tenant, printed.account, missed.order_id NULLS FIRST
