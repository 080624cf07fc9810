-- Shipments by day and by each thing they can have in common: the base rates of common nodes.
WITH days AS (
  SELECT shipments.*, CAST(floor(shipped_us / 86400000000.0) AS INTEGER) AS day
  FROM shipments WHERE :tenant IS NULL OR warehouse = :tenant
)
SELECT 'shop' AS kind, shop AS value, day, count(*) AS shipments FROM days WHERE shop IS NOT NULL GROUP BY shop, day
UNION ALL
SELECT 'erp' AS kind, erp AS value, day, count(*) AS shipments FROM days WHERE erp IS NOT NULL GROUP BY erp, day
UNION ALL
SELECT 'warehouse' AS kind, warehouse AS value, day, count(*) AS shipments FROM days WHERE warehouse IS NOT NULL
GROUP BY warehouse, day
UNION ALL
SELECT 'outlet' AS kind, outlet AS value, day, count(*) AS shipments FROM days WHERE outlet IS NOT NULL
GROUP BY outlet, day
UNION ALL
SELECT 'carrier' AS kind, carrier AS value, day, count(*) AS shipments FROM days WHERE carrier IS NOT NULL
GROUP BY carrier, day
UNION ALL
SELECT 'goods_class' AS kind, goods_class AS value, day, count(*) AS shipments FROM days
WHERE goods_class IS NOT NULL GROUP BY goods_class, day
UNION ALL
SELECT 'all' AS kind, '' AS value, day, count(*) AS shipments FROM days GROUP BY day
ORDER BY kind, value, day NULLS FIRST
