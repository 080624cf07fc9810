-- What the orders file says about the victims' orders (table ``victims``), by order number or waybill.
SELECT orders.order_id, orders.waybill_no, orders.tenant, orders.created_us, orders.category, orders.shop,
  orders.carrier, orders.erp, orders.lane
FROM orders
WHERE (:tenant IS NULL OR orders.tenant = :tenant)
  AND (
    orders.order_id IN (SELECT victims.order_id FROM victims)
    OR orders.waybill_no IN (SELECT victims.order_id FROM victims)
  )
ORDER BY orders.tenant, orders.order_id
