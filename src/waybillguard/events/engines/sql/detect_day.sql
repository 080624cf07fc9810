-- One day by account, station and ten-minute window: what the rules of detection ask of events.
-- Tables beside the events: ``roster`` (who works when, as many rows a person as shifts), ``known_stations``
-- (pairs of account and station seen before that day). An account the roster does not know is off shift.
WITH windows AS (
  SELECT
    tenant, account, workstation, w10,
    count(*) AS events,
    count(*) FILTER (WHERE look) AS looks,
    count(DISTINCT CASE WHEN look THEN order_id END) AS orders,
    count(*) FILTER (WHERE look AND exposed) AS exposed,
    count(*) FILTER (WHERE look AND explained_by IS NOT NULL) AS explained,
    count(*) FILTER (WHERE allowed AND action = 'search') AS searches,
    count(*) FILTER (WHERE allowed AND action IN ('print', 'reprint')) AS prints,
    count(*) FILTER (WHERE allowed AND action = 'reveal') AS reveals,
    count(*) FILTER (WHERE allowed AND action = 'export') AS exports,
    count(*) FILTER (WHERE NOT allowed) AS refused,
    count(*) FILTER (WHERE action = 'login_failed') AS failed_logins,
    count(*) FILTER (WHERE decoy AND look) AS decoys,
    min(ts_us) AS first_us,
    max(ts_us) AS last_us
  FROM events
  WHERE (:tenant IS NULL OR tenant = :tenant) AND day = :day
  GROUP BY tenant, account, workstation, w10
),
on_shift AS (
  SELECT DISTINCT windows.tenant, windows.account, windows.w10
  FROM windows JOIN roster ON windows.tenant = roster.tenant AND windows.account = roster.account
  WHERE :day >= coalesce(roster.employed_from_day, :day) AND :day <= coalesce(roster.employed_to_day, :day)
    AND CASE
      WHEN roster.shift_start <= roster.shift_end
        THEN windows.w10 >= roster.shift_start * 6 AND windows.w10 < roster.shift_end * 6
      ELSE windows.w10 >= roster.shift_start * 6 OR windows.w10 < roster.shift_end * 6
    END
),
seen AS (SELECT DISTINCT tenant, account, workstation FROM known_stations)
SELECT
  windows.*,
  on_shift.account IS NULL AS off_shift,
  windows.workstation IS NOT NULL AND seen.account IS NULL AS new_station
FROM windows
LEFT JOIN on_shift
  ON windows.tenant = on_shift.tenant AND windows.account = on_shift.account AND windows.w10 = on_shift.w10
LEFT JOIN seen
  ON windows.tenant = seen.tenant AND windows.account = seen.account AND windows.workstation = seen.workstation
WHERE windows.events >= :least
ORDER BY windows.tenant, windows.account NULLS FIRST, windows.workstation NULLS FIRST, windows.w10
