-- The orders of a warehouse by shop, carrier, goods class, lane and six hours of creation: what any leak could meet.
SELECT
  shop, carrier, category, lane, CAST(floor(created_us / 21600000000.0) AS INTEGER) AS bin, count(*) AS orders
FROM orders
WHERE tenant = :tenant AND created_us IS NOT NULL
GROUP BY shop, carrier, category, lane, CAST(floor(created_us / 21600000000.0) AS INTEGER)
ORDER BY shop NULLS FIRST, carrier NULLS FIRST, category NULLS FIRST, lane NULLS FIRST, bin
