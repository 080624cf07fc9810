-- Orders that an account viewed on one day as if it scanned their label out, though none was printed since ``first``, or
-- only later: the purpose is the log's word. Each account that scanned has a row, with ``order_id`` null where all labels
-- were printed; ``scans`` is how many orders it scanned. ``bait``: of a decoy. Tables beside the events: ``decoys``.
WITH scanned AS (
  SELECT
    tenant, coalesce(account, '') AS account, order_id, min(ts_us) AS first_us,
    max(CASE WHEN coalesce(decoy, false) OR order_id IN (SELECT decoys.order_id FROM decoys) THEN 1 ELSE 0 END) AS bait
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day AND scan
  GROUP BY tenant, coalesce(account, ''), order_id
),
prints AS (
  SELECT tenant, order_id, min(ts_us) AS first_us FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first AND :day AND look
    AND action IN ('print', 'reprint') AND order_id IN (SELECT scanned.order_id FROM scanned)
  GROUP BY tenant, order_id
),
counted AS (
  SELECT tenant, account, count(*) AS scans FROM scanned GROUP BY tenant, account
),
missed AS (
  SELECT scanned.tenant, scanned.account, scanned.order_id, scanned.bait
  FROM scanned
  LEFT JOIN prints ON prints.tenant = scanned.tenant AND prints.order_id = scanned.order_id
  WHERE prints.order_id IS NULL OR scanned.first_us < prints.first_us
)
SELECT
  counted.tenant, counted.account, missed.order_id, coalesce(missed.bait = 1, false) AS bait, counted.scans
FROM counted
LEFT JOIN missed ON missed.tenant = counted.tenant AND missed.account = counted.account
ORDER BY counted.tenant, counted.account, missed.order_id NULLS FIRST
