-- Days by account, place and ten-minute window: how many different orders were shown, and what explains it.
-- Windows in which nothing was shown that could be carried away are left out. Tables beside the events: ``decoys``
-- (orders no customer has), ``unstated`` (for tenants whose log never says what was exposed: the actions
-- that show plaintext there), ``unprinted`` (what ``detect_unprinted`` found: views that only say they are scans).
WITH told AS (
  SELECT
    *, scan AND NOT (concat(tenant, ' ', day, ' ', coalesce(account, ''), ' ', order_id) IN (
      SELECT concat(unprinted.tenant, ' ', unprinted.day, ' ', unprinted.account, ' ', unprinted.order_id) FROM unprinted
    )) AS scanned
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day BETWEEN :first_day AND :last_day
),
shown AS (
  SELECT
    day, tenant, account, workstation, CASE WHEN workstation IS NULL THEN ip END AS ip, w10, action, order_id, look,
    explained_by IS NULL AND NOT scanned AS bare,
    action = 'print' OR coalesce(explained_by, '') = 'print_job' AS printed,
    allowed AND action = 'export' AND order_id IS NULL AS nameless,
    look AND NOT scanned AND (
      exposed OR concat(tenant, ' ', action) IN (SELECT concat(unstated.tenant, ' ', unstated.action) FROM unstated)
    ) AS plain,
    look AND (coalesce(decoy, false) OR order_id IN (SELECT decoys.order_id FROM decoys)) AS bait
  FROM told
),
-- Each order once: one grouping is planned and run many times faster than a DISTINCT for every count.
each_order AS (
  SELECT
    day, tenant, account, workstation, ip, w10, order_id,
    max(CASE WHEN plain AND bare AND action NOT IN ('print', 'reprint', 'export') THEN 1 END) AS bare,
    max(CASE WHEN plain AND bare AND action = 'print' THEN 1 END) AS bare_print,
    max(CASE WHEN plain AND bare AND action = 'reprint' THEN 1 END) AS bare_reprint,
    max(CASE WHEN plain AND action = 'export' THEN 1 END) AS exported,
    count(CASE WHEN nameless THEN 1 END) AS nameless_exports,
    max(CASE WHEN plain AND action NOT IN ('print', 'reprint', 'export') THEN 1 END) AS shown,
    max(CASE WHEN look AND action = 'reprint' THEN 1 END) AS reprinted,
    max(CASE WHEN look AND NOT plain AND bare AND action IN ('view', 'search') THEN 1 END) AS browsed,
    max(CASE WHEN bait AND NOT printed AND (bare OR action = 'export') THEN 1 END) AS decoy
  FROM shown
  WHERE look OR nameless
  GROUP BY day, tenant, account, workstation, ip, w10, order_id
),
cells AS (
  SELECT
    day, tenant, account, workstation, ip, w10,
    count(bare) AS bare,
    count(bare_print) AS bare_prints,
    count(bare_reprint) AS bare_reprints,
    count(exported) AS exports,
    CAST(sum(nameless_exports) AS BIGINT) AS nameless_exports,
    count(shown) AS shown,
    count(reprinted) AS reprints,
    count(browsed) AS browsed,
    count(decoy) AS decoys
  FROM each_order
  GROUP BY day, tenant, account, workstation, ip, w10
)
SELECT * FROM cells
WHERE bare + bare_prints + bare_reprints + exports + nameless_exports + shown + reprints + browsed + decoys > 0
ORDER BY day, tenant, account NULLS FIRST, workstation NULLS FIRST, ip NULLS FIRST, w10
