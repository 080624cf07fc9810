-- The shipments of the victims (table ``victims``: waybill or order numbers).
SELECT waybill_no, order_id, shop, erp, warehouse, outlet, carrier, goods_class,
  CAST(floor(shipped_us / 86400000000.0) AS INTEGER) AS day
FROM shipments
WHERE (:tenant IS NULL OR warehouse = :tenant)
  AND (
    waybill_no IN (SELECT victims.order_id FROM victims) OR order_id IN (SELECT victims.order_id FROM victims)
  )
ORDER BY waybill_no NULLS FIRST, order_id NULLS FIRST, day NULLS FIRST
