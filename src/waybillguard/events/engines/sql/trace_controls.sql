-- Orders like the victims' own: same warehouse, day of creation, goods class and shop, at most so many each.
-- Table ``strata``: one row a stratum (day of creation in UTC; a text of '' is unknown).
WITH numbered AS (
  SELECT
    orders.order_id, orders.created_us, strata.day AS day, strata.category AS category, strata.shop AS shop,
    row_number() OVER (PARTITION BY strata.day, strata.category, strata.shop ORDER BY md5(orders.order_id)) AS place
  FROM orders JOIN strata
    ON CAST(floor(orders.created_us / 86400000000.0) AS INTEGER) = strata.day
    AND (strata.category = '' OR orders.category = strata.category)
    AND (strata.shop = '' OR orders.shop = strata.shop)
  WHERE orders.tenant = :tenant
)
SELECT order_id, created_us, day, category, shop FROM numbered WHERE place <= :most
ORDER BY day, category, shop, order_id
