-- Orders of the consignees whose keyed phones are in the table ``victims`` (32 hexadecimal digits).
SELECT DISTINCT tenant, order_id, lower(hex(person_token)) AS token
FROM events
WHERE (:tenant IS NULL OR tenant = :tenant) AND order_id IS NOT NULL AND person_token IS NOT NULL
  AND lower(hex(person_token)) IN (SELECT victims.order_id FROM victims)
ORDER BY tenant, order_id, token
