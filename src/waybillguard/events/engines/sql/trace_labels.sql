-- Labels by carrier, station, shop and six hours of their first print: what a courier, a photographer or a tap that
-- reads only some shops' labels could copy. A label of lane B holds nothing that could be read off it.
WITH labels AS (
  SELECT order_id, workstation, min(ts_us) AS first_us
  FROM events
  WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day AND look AND action IN ('print', 'reprint')
  GROUP BY order_id, workstation
)
SELECT
  orders.carrier, labels.workstation, orders.shop, CAST(floor(labels.first_us / 21600000000.0) AS INTEGER) AS bin,
  count(*) AS orders
FROM labels JOIN orders ON orders.tenant = :tenant AND labels.order_id = orders.order_id
WHERE coalesce(orders.lane, 'A') <> 'B'
GROUP BY orders.carrier, labels.workstation, orders.shop, CAST(floor(labels.first_us / 21600000000.0) AS INTEGER)
ORDER BY orders.carrier NULLS FIRST, labels.workstation NULLS FIRST, orders.shop NULLS FIRST, bin
