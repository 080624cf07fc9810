-- How many orders each source could have copied, by six hours of the first look: the base traffic of a trace.
-- Kernels: R read on a screen, U read and unexplained, X read off shift, P printed, E printed in plain, A any look.
-- Tables beside the events: ``roster`` (accounts it does not know are never off shift), ``orders`` (lane B holds
-- nothing that could be read off a print, so stations are counted without it). A print station's order counts once.
WITH looks AS (
  SELECT
    tenant, account, workstation, order_id, day, w10, ts_us, explained_by, exposed,
    action IN ('print', 'reprint') AS printed,
    action NOT IN ('print', 'reprint') AND (exposed OR :blind) AS read_out
  FROM events
  WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day AND look
    AND (exposed OR :blind OR action IN ('print', 'reprint'))
),
read_windows AS (
  SELECT DISTINCT looks.account, looks.day, looks.w10
  FROM looks WHERE read_out AND account IN (SELECT roster.account FROM roster WHERE roster.tenant = :tenant)
),
on_shift AS (
  SELECT DISTINCT read_windows.account, read_windows.day, read_windows.w10
  FROM read_windows JOIN roster ON roster.tenant = :tenant AND read_windows.account = roster.account
  WHERE read_windows.day >= coalesce(roster.employed_from_day, read_windows.day)
    AND read_windows.day <= coalesce(roster.employed_to_day, read_windows.day)
    AND CASE
      WHEN roster.shift_start <= roster.shift_end
        THEN read_windows.w10 >= roster.shift_start * 6 AND read_windows.w10 < roster.shift_end * 6
      ELSE read_windows.w10 >= roster.shift_start * 6 OR read_windows.w10 < roster.shift_end * 6
    END
),
off_shift AS (
  SELECT account, day, w10 FROM read_windows
  EXCEPT
  SELECT account, day, w10 FROM on_shift
),
sealed AS (SELECT DISTINCT orders.order_id FROM orders WHERE orders.tenant = :tenant AND orders.lane = 'B'),
flagged AS (
  SELECT
    looks.account, looks.workstation, looks.order_id,
    CAST(floor(looks.ts_us / 21600000000.0) AS INTEGER) AS bin,
    looks.read_out,
    looks.read_out AND looks.explained_by IS NULL AS unexplained,
    looks.read_out AND off_shift.account IS NOT NULL AS outside_shift,
    looks.printed AND sealed.order_id IS NULL AS printed,
    looks.printed AND looks.exposed AND sealed.order_id IS NULL AS printed_plain,
    sealed.order_id IS NULL OR looks.read_out AS any_look
  FROM looks
  LEFT JOIN sealed ON looks.order_id = sealed.order_id
  LEFT JOIN off_shift
    ON looks.account = off_shift.account AND looks.day = off_shift.day AND looks.w10 = off_shift.w10
),
firsts AS (
  SELECT
    CASE
      WHEN grouping(account) = 1 AND grouping(workstation) = 1 THEN 'unlogged'
      WHEN grouping(account) = 1 THEN 'workstation'
      WHEN grouping(workstation) = 1 THEN 'account'
      ELSE 'pair'
    END AS kind,
    account, workstation,
    min(CASE WHEN read_out THEN bin END) AS r,
    min(CASE WHEN unexplained THEN bin END) AS u,
    min(CASE WHEN outside_shift THEN bin END) AS x,
    min(CASE WHEN printed THEN bin END) AS p,
    min(CASE WHEN printed_plain THEN bin END) AS e,
    min(CASE WHEN any_look THEN bin END) AS a
  FROM flagged
  GROUP BY GROUPING SETS (
    (order_id), (order_id, account), (order_id, workstation), (order_id, account, workstation)
  )
)
SELECT kind, account, workstation, 'R' AS kernel, r AS bin, count(*) AS orders FROM firsts WHERE r IS NOT NULL
GROUP BY kind, account, workstation, r
UNION ALL
SELECT kind, account, workstation, 'U' AS kernel, u AS bin, count(*) AS orders FROM firsts WHERE u IS NOT NULL
GROUP BY kind, account, workstation, u
UNION ALL
SELECT kind, account, workstation, 'X' AS kernel, x AS bin, count(*) AS orders FROM firsts WHERE x IS NOT NULL
GROUP BY kind, account, workstation, x
UNION ALL
SELECT kind, account, workstation, 'P' AS kernel, p AS bin, count(*) AS orders FROM firsts WHERE p IS NOT NULL
GROUP BY kind, account, workstation, p
UNION ALL
SELECT kind, account, workstation, 'E' AS kernel, e AS bin, count(*) AS orders FROM firsts WHERE e IS NOT NULL
GROUP BY kind, account, workstation, e
UNION ALL
SELECT kind, account, workstation, 'A' AS kernel, a AS bin, count(*) AS orders FROM firsts WHERE a IS NOT NULL
GROUP BY kind, account, workstation, a
ORDER BY kind, account NULLS FIRST, workstation NULLS FIRST, kernel, bin
