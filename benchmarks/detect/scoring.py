"""Scores alerts against the truth of a simulated world: what a warehouse's owner would count.

A theft is found if an alert of its tenant names its account or station, overlaps its time and rests on at least one
of its orders. Every other alert is false, but those that rest mostly on orders of a theft that events cannot show.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import duckdb

_SLACK = timedelta(days=1)
BULK = {"night_remote", "leaver", "temp", "shared_password", "hidden_remote"}


@dataclass
class Score:
    """Figures of one or more worlds."""

    thefts: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    right: list[bool] = field(default_factory=list)
    alerts_each: list[int] = field(default_factory=list)
    purity: list[float] = field(default_factory=list)
    lost: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lost_share: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    false: int = 0
    warehouse_days: int = 0
    account_days: int = 0
    false_rules: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Return them as one object."""
        all_ = [one for found in self.thefts.values() for one in found]
        bulk = [one for kind in BULK for one in self.lost.get(kind, ())]
        return {
            "thefts": len(all_),
            "recall": round(mean(all_), 3) if all_ else None,
            "recall_by_kind": {k: f"{sum(v)}/{len(v)}" for k, v in sorted(self.thefts.items())},
            "right_account": round(mean(self.right), 3) if self.right else None,
            "alerts_a_theft": round(mean(self.alerts_each), 2) if self.alerts_each else None,
            "evidence_purity": round(mean(self.purity), 3) if self.purity else None,
            "purity_below_0.8": sum(one < 0.8 for one in self.purity),
            "lost_before_alarm_bulk_median": median(bulk) if bulk else None,
            "lost_share_slow_median": round(median(self.lost_share["slow_clerk"]), 3)
            if self.lost_share["slow_clerk"]
            else None,
            "lost_by_kind_median": {k: median(v) for k, v in sorted(self.lost.items())},
            "delay_bulk_median_minutes": round(median([x for k in BULK for x in self.delays.get(k, ())]), 1)
            if any(self.delays.get(k) for k in BULK)
            else None,
            "delay_slow_median_days": round(median(self.delays["slow_clerk"]) / 1440, 1)
            if self.delays["slow_clerk"]
            else None,
            "false_alerts": self.false,
            "false_per_warehouse_day": round(self.false / max(self.warehouse_days, 1), 5),
            "false_per_100_account_days": round(100 * self.false / max(self.account_days, 1), 4),
            "account_days": self.account_days,
            "false_rules": dict(self.false_rules),
            "missed": self.missed,
        }


def score(world: Path, alerts: Sequence[dict[str, Any]], into: Score, name: str = "") -> None:
    """Add one world's figures."""
    truth = json.loads((world / "truth.json").read_text("utf-8"))
    seen = [one for one in truth["thefts"] if one["seen_in_events"] and one["from"] and one["orders"]]
    hidden = {order for one in truth["thefts"] if not one["seen_in_events"] for order in one["orders"]}
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    source = f"read_parquet('{world}/events/**/*.parquet', hive_partitioning = false, union_by_name = true)"
    into.account_days += connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT tenant, account, epoch_us(ts) // 86400000000 AS d "
        f"FROM {source} WHERE account IS NOT NULL)"
    ).fetchall()[0][0]
    into.warehouse_days += connection.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT tenant, epoch_us(ts) // 86400000000 FROM {source})"
    ).fetchall()[0][0]
    used: set[int] = set()
    for theft in seen:
        matched = [n for n, one in enumerate(alerts) if _fits(one, theft)]
        used.update(matched)
        into.thefts[theft["kind"]].append(bool(matched))
        if not matched:
            into.missed.append(
                f"{name} {theft['id']} {theft['kind']} {theft['account']} {len(theft['orders'])}"
            )
            continue
        into.alerts_each.append(len(matched))
        into.right.append(any(alerts[n]["account"] == theft["account"] for n in matched))
        taken = set(theft["orders"])
        for n in matched:
            rows = alerts[n]["evidence"]
            into.purity.append(mean(row["order_id"] in taken for row in rows) if rows else 0.0)
        raised = min(datetime.fromisoformat(alerts[n]["raised_at"]) for n in matched)
        begun = datetime.fromisoformat(theft["from"])
        into.delays[theft["kind"]].append(max((raised - begun).total_seconds(), 0.0) / 60)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE taken AS SELECT unnest($orders) AS order_id",
            {"orders": sorted(taken)},
        )
        lost = connection.execute(
            f"SELECT count(DISTINCT order_id) FROM {source} WHERE tenant = $tenant AND account = $account AND ts <= $raised "
            "AND ts BETWEEN $start AND $end AND action <> 'print' "
            "AND order_id IN (SELECT order_id FROM taken)",
            {
                "tenant": theft["tenants"][0],
                "account": theft["account"],
                "raised": raised,
                "start": datetime.fromisoformat(theft["from"]) - timedelta(seconds=2),
                "end": datetime.fromisoformat(theft["to"]) + timedelta(seconds=2),
            },
        ).fetchall()[0][0]
        into.lost[theft["kind"]].append(lost)
        into.lost_share[theft["kind"]].append(lost / len(taken))
    for n, one in enumerate(alerts):
        if n in used:
            continue
        rows = one["evidence"]
        if (
            rows
            and mean(row["order_id"] in hidden for row in rows) > 0.5
            and one["rule"] == "sensor_and_activity"
        ):
            continue
        into.false += 1
        into.false_rules[one["rule"]] += 1


def _fits(alert: dict[str, Any], theft: dict[str, Any]) -> bool:
    if alert["tenant"] not in theft["tenants"]:
        return False
    station = theft["workstation"] is not None and alert["workstation"] == theft["workstation"]
    if alert["account"] != theft["account"] and not station:
        return False
    start, end = (datetime.fromisoformat(theft[name]) for name in ("from", "to"))
    first, last = (datetime.fromisoformat(alert[name]) for name in ("first_ts", "last_ts"))
    taken = set(theft["orders"])
    return (
        first <= end + _SLACK
        and last >= start - _SLACK
        and any(row["order_id"] in taken for row in alert["evidence"])
    )
