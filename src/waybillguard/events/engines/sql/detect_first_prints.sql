-- The day of the first label of each order in the table ``labels``.
SELECT tenant, order_id, min(day) AS day
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant) AND look AND action IN ('print', 'reprint')
  AND order_id IN (SELECT labels.order_id FROM labels)
GROUP BY tenant, order_id
ORDER BY tenant, order_id
