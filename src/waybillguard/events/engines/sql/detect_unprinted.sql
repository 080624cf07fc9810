-- Orders viewed on one day as if their label were scanned out, though none was printed since ``first``, or only later: the
-- purpose is the log's word, and behind it such a view is one like any other. ``bait``: of a decoy. Tables beside the
-- events: ``decoys``.
WITH scanned AS (
  SELECT
    tenant, order_id, min(ts_us) AS first_us,
    max(CASE WHEN coalesce(decoy, false) OR order_id IN (SELECT decoys.order_id FROM decoys) THEN 1 ELSE 0 END) AS bait
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND scan
  GROUP BY tenant, order_id
),
prints AS (
  SELECT tenant, order_id, min(ts_us) AS first_us FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first AND :day AND look
    AND action IN ('print', 'reprint') AND order_id IN (SELECT scanned.order_id FROM scanned)
  GROUP BY tenant, order_id
)
SELECT scanned.tenant, scanned.order_id, scanned.bait = 1 AS bait
FROM scanned
LEFT JOIN prints ON prints.tenant = scanned.tenant AND prints.order_id = scanned.order_id
WHERE prints.order_id IS NULL OR scanned.first_us < prints.first_us
ORDER BY scanned.tenant, scanned.order_id
