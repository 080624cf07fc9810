-- How many orders were made on each day, by the wall clock ``shift_us`` ahead of UTC.
SELECT tenant, CAST(floor((created_us + :shift_us) / 86400000000.0) AS INTEGER) AS day, count(*) AS orders
FROM orders
WHERE (:tenant IS NULL OR tenant = :tenant) AND created_us IS NOT NULL
GROUP BY tenant, CAST(floor((created_us + :shift_us) / 86400000000.0) AS INTEGER)
ORDER BY tenant, day
