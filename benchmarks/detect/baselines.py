"""What others would use, on the same account-days: z-score, fixed rules as in Sigma, isolation forest.

Each is given what helps it: explained looks are left out, a day of work without a look counts as a quiet day, the
roster's last day is known to the fixed rules, the forest sees how far a day lies from the account's own past, and flagged
days of an account within ten days are one alert, as ours are. None sees the truth; their parameters are the usual ones
(3 sigma, contamination 1 %), not tuned to a world.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import duckdb
import numpy as np
from sklearn.ensemble import IsolationForest

TOGETHER = 10
Z = 3.0
CONTAMINATION = 0.01
BURST, NIGHT, EXPORT, DAY = 50, 10, 100, 200
"""Fixed rules: looks in ten minutes, looks from 22 to 6 o'clock, exported orders a day, plaintext looks a day."""
_CHINA_US = 8 * 3600 * 1_000_000


@dataclass
class Day:
    """One account's day of work: its plaintext looks in order of time, (microseconds, order, w10, station, exported, explained).

    ``past_mean``, ``past_spread``: of unexplained looks on the account's days before.
    """

    tenant: str
    account: str
    day: int
    past_mean: float = 0.0
    past_spread: float = 1.0
    looks: list[tuple[int, str | None, int, str | None, bool, bool]] = field(default_factory=list)

    @property
    def bare(self) -> list[tuple[int, str | None, int, str | None, bool, bool]]:
        """Return the looks that nothing explains, exports included."""
        return [one for one in self.looks if one[4] or not one[5]]

    def features(self) -> tuple[float, ...]:
        """Return what the isolation forest sees."""
        bare = self.bare
        windows: dict[int, int] = defaultdict(int)
        for one in bare:
            windows[one[2]] += 1
        return (
            len(self.looks), len(bare), sum(one[4] for one in bare), sum(_night(one[2]) for one in bare),
            max(windows.values(), default=0), len({one[3] for one in self.looks}),
            (len(bare) - self.past_mean) / self.past_spread,
        )  # fmt: skip


type Hit = tuple[Day, int, str]
"""A flagged day, the time of the look that flagged it, and the rule."""


def days_of(world: Path) -> list[Day]:
    """Return the account-days of a world, in order of time."""
    source = f"read_parquet('{world}/events/**/*.parquet', hive_partitioning = false, union_by_name = true)"
    found: dict[tuple[str, str, int], Day] = {}
    for tenant, account, day in duckdb.sql(
        f"SELECT DISTINCT tenant, account, (epoch_us(ts) + {_CHINA_US}) // 86400000000 FROM {source} "
        "WHERE account IS NOT NULL AND action NOT IN ('login', 'login_failed', 'logout')"
    ).fetchall():
        found[tenant, account, day] = Day(tenant, account, day)
    rows = duckdb.sql(
        "SELECT tenant, account, epoch_us(ts) AS us, order_id, workstation, action = 'export', explained_by IS NOT NULL "
        f"FROM {source} WHERE account IS NOT NULL AND allowed AND exposed AND action NOT IN ('print', 'login', 'logout') "
        "ORDER BY us"
    ).fetchall()
    for tenant, account, us, order, station, exported, explained in rows:
        local = us + _CHINA_US
        one = found[tenant, account, local // 86_400_000_000]
        one.looks.append((us, order, local % 86_400_000_000 // 600_000_000, station, exported, explained))
    days = sorted(found.values(), key=lambda one: (one.day, one.tenant, one.account))
    past: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in days:
        before = past[one.tenant, one.account]
        if before:
            one.past_mean, one.past_spread = mean(before), max(pstdev(before), 1.0)
        before.append(len(one.bare))
    return days


def z_score(days: Sequence[Day], _roster: Mapping[str, date]) -> list[Hit]:
    """Flag a day three standard deviations above the account's own days before it, from the fifth on."""
    past: dict[tuple[str, str], list[int]] = defaultdict(list)
    hits: list[Hit] = []
    for one in days:
        before, bare = past[one.tenant, one.account], one.bare
        if len(before) >= 5:
            limit = int(mean(before) + Z * max(pstdev(before), 1.0)) + 1
            if len(bare) >= limit:
                hits.append((one, bare[limit - 1][0], "z_score"))
        before.append(len(bare))
    return hits


def fixed_rules(days: Sequence[Day], roster: Mapping[str, date]) -> list[Hit]:
    """Flag what a rule set in the manner of Sigma would: fixed counts, night hours, accounts after their last day."""
    hits: list[Hit] = []
    for one in days:
        bare = one.bare
        last = roster.get(one.account)
        if last is not None and bare and date(1970, 1, 1) + timedelta(days=one.day) > last:
            hits.append((one, bare[0][0], "after_employment"))
            continue
        windows: dict[int, int] = defaultdict(int)
        night = exported = 0
        for count, look in enumerate(one.looks, 1):
            windows[look[2]] += 1
            night += _night(look[2]) and (look[4] or not look[5])
            exported += look[4]
            if windows[look[2]] >= BURST or night >= NIGHT or exported >= EXPORT or count >= DAY:
                hits.append((one, look[0], "fixed_rule"))
                break
    return hits


def isolation_forest(days: Sequence[Day], _roster: Mapping[str, date]) -> list[Hit]:
    """Flag the most isolated one per cent of account-days; known at the end of the day, after the whole log."""
    busy = [one for one in days if one.looks]
    values = np.array([one.features() for one in busy], dtype=np.float64)
    flags = IsolationForest(
        n_estimators=100, contamination=CONTAMINATION, random_state=0, n_jobs=1
    ).fit_predict(values)
    return [
        (one, one.looks[-1][0], "isolation_forest")
        for one, flag in zip(busy, flags, strict=True)
        if flag < 0 and one.bare
    ]


METHODS: Mapping[str, Callable[[Sequence[Day], Mapping[str, date]], list[Hit]]] = {
    "z_score": z_score, "fixed_rules": fixed_rules, "isolation_forest": isolation_forest,
}  # fmt: skip


def alerts_of(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Fuse flagged days of an account into alerts, as `scoring.score` reads them."""
    made: list[dict[str, Any]] = []
    open_: dict[tuple[str, str], dict[str, Any]] = {}
    for one, raised, rule in hits:
        rows = one.bare or one.looks
        alert = open_.get((one.tenant, one.account))
        if alert is None or one.day - alert["last_day"] > TOGETHER:
            alert = {
                "tenant": one.tenant, "account": one.account, "workstation": rows[0][3], "rule": rule,
                "first_ts": _iso(rows[0][0]), "raised_at": _iso(raised), "evidence": [],
            }  # fmt: skip
            open_[one.tenant, one.account] = alert
            made.append(alert)
        alert["last_day"], alert["last_ts"] = one.day, _iso(rows[-1][0])
        alert["evidence"] += [{"order_id": row[1]} for row in rows if row[1]]
    for alert in made:
        step = max(len(alert["evidence"]) // 50, 1)
        alert["evidence"] = alert["evidence"][::step][:50]
    return made


def last_days(world: Path) -> dict[str, date]:
    """Return the last day of employment by account, where the roster says one."""
    with (world / "roster.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = [(row["account"], row.get("employed_to", "")) for row in csv.DictReader(handle)]
    ends: dict[str, list[str]] = defaultdict(list)
    for account, end in rows:
        ends[account].append(end)
    return {account: date.fromisoformat(max(all_)) for account, all_ in ends.items() if all(all_)}


def _night(w10: int) -> bool:
    return w10 >= 132 or w10 < 36


def _iso(us: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).isoformat()
