-- The keyed phones (32 hexadecimal digits) of the consignees of the orders in the table ``victims``.
SELECT DISTINCT tenant, order_id, lower(hex(person_token)) AS token
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant) AND person_token IS NOT NULL
  AND order_id IN (SELECT victims.order_id FROM victims)
ORDER BY tenant, order_id, token
