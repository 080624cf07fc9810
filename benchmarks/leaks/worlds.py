"""Worlds whose laws differ from the model's and from those of ``simulate``: what a trace is judged on.

    python -m benchmarks.leaks.worlds FOLDER [FIRST COUNT]

Differences that matter: warehouses from a hundred to some thousand parcels a day; one account for a whole printing shift
in some; logs without explanations or lanes in some; **campaigns** instead of independent calls (a list is sold in
batches, and a batch is called within days); waiting times that are log-normal, of hours, or of weeks; people who
report together or not at all; call times rounded to the day or missing; noise that comes from campaigns elsewhere
and so clusters in shops, goods and days. Folder as of ``waybillguard simulate``; every name is invented.
"""

import csv
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

type Took = tuple[np.ndarray, np.ndarray]
"""Places of orders, and when each was taken."""
HOUR, DAY = 3_600_000_000, 86_400_000_000
START = 20_700 * DAY - 8 * HOUR
"""Local midnight in China of the first day, microseconds UTC."""
GOODS = ("womenswear", "baby", "skincare", "food", "tools", "books", "toys", "alcohol")
KINDS = (
    "night_reader", "slow_reader", "leaver_export", "station_tap", "station_remote",
    "label_photographer", "shop_leak", "erp_leak",
)  # fmt: skip
WEIGHTS = (0.2, 0.14, 0.14, 0.2, 0.08, 0.09, 0.09, 0.06)
NAMED = KINDS[:5]


@dataclass
class House:
    """One warehouse: its orders as columns, who printed and read what, and the people."""

    tenant: str
    orders: dict[str, np.ndarray]
    stations: list[str]
    readers: list[str]
    events: list[dict[str, np.ndarray]] = field(default_factory=list)
    roster: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Taken:
    """What a theft took: warehouse, place of the order in it, and when."""

    theft: dict[str, Any]
    house: int
    order: np.ndarray
    ts: np.ndarray


class World:
    """One world, drawn from its seed alone."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng([20_261_128, seed])
        draw = self.draw
        self.days = int(draw.integers(18, 36))
        self.explained = draw.random() < 0.7
        self.lanes = draw.random() < 0.5
        self.thefts: list[dict[str, Any]] = []
        self.taken: list[Taken] = []
        self.houses = [self._house(at) for at in range(int(draw.integers(2, 5)))]
        for number in range(int(draw.integers(1, 6))):
            self._theft(number)

    # --- the daily work ---
    def _house(self, at: int) -> House:
        draw, tenant = self.draw, f"c{at}"
        a_day = float(np.clip(150 * (draw.pareto(1.1) + 1), 150, 2500))
        shops = int(draw.integers(1, 13))
        share = 1 / np.arange(1, shops + 1) ** draw.uniform(0.3, 1.3)
        count = int(a_day * self.days)
        day = np.sort(draw.choice(self.days, count, p=self._rhythm()))
        created = START + day * DAY + ((draw.beta(4, 2, count) * 24) * HOUR).astype(np.int64)
        shop = draw.choice(shops, count, p=share / share.sum())
        carriers = int(draw.integers(1, 5))
        stations = [f"{tenant}-pc{n}" for n in range(int(np.clip(a_day / 350, 1, 6)) + 1)]
        readers = [f"{tenant}-kf{n}" for n in range(int(np.clip(a_day / 150, 2, 12)))]
        orders = {
            "order_id": np.array([f"{tenant}-{n:07d}" for n in range(count)]),
            "waybill_no": np.array([f"SF{at}{n:011d}" for n in range(count)]),
            "created": created, "shop": np.array([f"{tenant}-shop{n}" for n in range(shops)])[shop],
            "category": draw.choice(GOODS, (shops, 2))[shop, (draw.random(count) < 0.3).astype(int)],
            "carrier": np.array(["yt", "zto", "sto", "jt"])[draw.integers(0, carriers, count)],
            "lane": draw.choice(["A", "A", "B", "C"], shops)[shop],
        }  # fmt: skip
        house = House(tenant, orders, stations, readers)
        self._prints(house)
        self._reads(house)
        return house

    def _rhythm(self) -> np.ndarray:
        rhythm = self.draw.lognormal(0, 0.25, self.days)
        if self.draw.random() < 0.4:
            rhythm[int(self.draw.integers(3, self.days))] *= 3.5  # a sale
        return rhythm / rhythm.sum()

    def _prints(self, house: House) -> None:
        """Waves at ten, two and five; a carrier's or a shop's labels tend to one station."""
        draw, created = self.draw, house.orders["created"]
        waves = START + (np.arange(self.days + 2)[:, None] * 24 + np.array([10, 14, 17])).ravel() * HOUR
        at = waves[np.minimum(np.searchsorted(waves, created + 20 * 60_000_000), len(waves) - 1)]
        ts = at + draw.integers(0, 100 * 60_000_000, len(created))
        habit = {
            shop: draw.dirichlet(np.full(len(house.stations), 0.8))
            for shop in sorted(set(house.orders["shop"]))
        }
        station = np.empty(len(created), dtype=np.int64)
        for shop, chance in habit.items():
            mine = house.orders["shop"] == shop
            station[mine] = draw.choice(len(house.stations), mine.sum(), p=chance)
        shared = draw.random() < 0.5
        account = np.array(
            [f"{house.tenant}-dy" if shared else f"{house.tenant}-dy{n}" for n in range(len(house.stations))]
        )
        house.orders["printed"], house.orders["station"] = ts, station
        self._add(house, np.arange(len(created)), ts, account[station], np.array(house.stations)[station], "print",
                  exposed=draw.random() < 0.5, explained="print_job")  # fmt: skip
        for name in sorted(set(account)):
            self._employ(house, name, 9, 19, "" if shared else house.stations[int(name[-1])])

    def _reads(self, house: House) -> None:
        """Customer service: each reader his own pace and habit of saying why; most by ticket, some never say."""
        draw, created = self.draw, house.orders["created"]
        for place, name in enumerate(house.readers):
            a_day = draw.lognormal(np.log(30), 0.7)
            count = min(int(a_day * self.days), len(created))
            order = draw.integers(0, len(created), count)
            ts = created[order] + (draw.exponential(3.5, count) * DAY).astype(np.int64)
            day = (ts - START) // DAY
            begin = 8 + 4 * (place % 2)
            ts = START + day * DAY + (draw.uniform(begin + 0.2, begin + 8.8, count) * HOUR).astype(np.int64)
            good = (ts > created[order]) & (day < self.days)
            said = draw.random(count) < draw.choice([0.35, 0.8, 0.9, 0.97])
            station = house.stations[-1] if draw.random() < 0.5 else f"{house.tenant}-kf-pc{place}"
            why = np.where(said, "ticket", "")
            self._add(
                house, order[good], ts[good], name, station, "reveal", exposed=True, explained=why[good]
            )
            self._employ(house, name, begin, begin + 9, station)

    def _employ(self, house: House, name: str, begin: int, end: int, station: str, until: str = "") -> None:
        house.roster.append(
            {"tenant": house.tenant, "account": name, "person": f"p-{name}", "role": "clerk",
             "shift_start": str(begin), "shift_end": str(end), "workstation": station, "employed_from": "",
             "employed_to": until}
        )  # fmt: skip

    def _add(self, house: House, order: np.ndarray, ts: np.ndarray, account: object, station: object, action: str, *,
             exposed: bool, explained: object = "") -> None:  # fmt: skip
        size = len(order)
        house.events.append(
            {"order": order, "ts": ts, "account": np.broadcast_to(np.array(account, dtype=object), size),
             "workstation": np.broadcast_to(np.array(station, dtype=object), size),
             "action": np.broadcast_to(np.array(action, dtype=object), size),
             "exposed": np.broadcast_to(exposed, size),
             "explained_by": np.broadcast_to(np.array(explained, dtype=object), size)}
        )  # fmt: skip

    # --- thefts ---
    def _theft(self, number: int) -> None:
        draw = self.draw
        kind = str(draw.choice(KINDS, p=np.array(WEIGHTS) / sum(WEIGHTS)))
        sizes = np.array([len(house.orders["created"]) for house in self.houses], dtype=float) ** 0.5
        at = int(draw.choice(len(self.houses), p=sizes / sizes.sum()))
        begin = int(draw.integers(2, self.days - 6))
        length = int(draw.integers(1, min(14, self.days - begin)))
        theft: dict[str, Any] = {
            "id": f"t{number}", "kind": kind, "gang": None, "tenants": [self.houses[at].tenant], "account": None,
            "workstation": None, "selection": {}, "victims": [],
        }  # fmt: skip
        houses = range(len(self.houses)) if kind == "erp_leak" else [at]
        if kind == "erp_leak":
            theft["tenants"] = [house.tenant for house in self.houses]
        theft["selection"]["keep"] = float(draw.uniform(0.25, 0.7))
        took = [(n, *getattr(self, f"_{kind}")(self.houses[n], theft, begin, begin + length)) for n in houses]
        took = [(n, order, ts) for n, order, ts in took if len(order)]
        if not took:
            return
        ends = np.concatenate([ts for _, _, ts in took])
        theft |= {"from": _iso(ends.min()), "to": _iso(ends.max()), "seen_in_events": kind in NAMED}
        self.thefts.append(theft)
        self.taken += [Taken(theft, n, order, ts) for n, order, ts in took]

    def _recent(self, house: House, ts: int, count: int, back: float = 4) -> np.ndarray:
        """Orders not older than some days at a moment, sometimes of one goods class alone."""
        created = house.orders["created"]
        good = np.flatnonzero((created < ts) & (created > ts - back * DAY))
        return self.draw.choice(good, min(count, len(good)), replace=False) if len(good) else good

    def _sittings(self, house: House, begin: int, end: int, hours: tuple[float, float], median: float,
                  chance: float = 1.0) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        draw, orders, times = self.draw, [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for day in range(begin, end):
            if draw.random() < chance or day == begin:
                starts = START + day * DAY + int(draw.uniform(*hours) * HOUR)
                found = self._recent(house, starts, max(3, int(draw.lognormal(np.log(median), 0.5))))
                orders.append(found)
                times.append(starts + np.cumsum(draw.exponential(9_000_000, len(found))).astype(np.int64))
        order, first = np.unique(np.concatenate(orders), return_index=True)
        return order, np.concatenate(times)[first]

    def _copied(self, order: np.ndarray, ts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What was looked at is not always what was copied."""
        kept = self.draw.random(len(order)) < self.draw.uniform(0.55, 1.0)
        return order[kept], ts[kept]

    def _night_reader(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        account = str(self.draw.choice(house.readers))
        theft["account"] = account
        station = None if self.draw.random() < 0.6 else house.stations[-1]
        order, ts = self._sittings(house, begin, min(end, begin + 7), (22.3, 26.5), 180, 0.7)
        self._add(house, order, ts, account, station, "reveal", exposed=True)
        return self._copied(order, ts)

    def _slow_reader(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        theft["account"] = account = str(self.draw.choice(house.readers))
        row = next(one for one in house.roster if one["account"] == account)
        theft["workstation"] = row["workstation"] or None
        hours = (float(row["shift_start"]) + 0.5, float(row["shift_end"]) - 1)
        order, ts = self._sittings(house, begin, max(end, begin + 5), hours, 45)
        ts = np.maximum(ts, house.orders["created"][order] + 60_000_000)
        self._add(house, order, ts, account, row["workstation"], "reveal", exposed=True)
        return self._copied(order, ts)

    def _leaver_export(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        account = f"{house.tenant}-gone{theft['id']}"
        theft["account"] = account
        self._employ(house, account, 9, 18, "", until=_iso(START + (begin - 1) * DAY)[:10])
        order, ts = self._sittings(house, begin, min(end, begin + 3), (13, 23), 420, 0.6)
        self._add(house, order, ts, account, None, "export", exposed=True)
        return self._copied(order, ts)

    def _station_tap(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        station = int(self.draw.integers(len(house.stations)))
        theft["workstation"] = house.stations[station]
        good = self._between(house, begin, end) & (house.orders["station"] == station)
        if self.draw.random() < 0.3:
            wanted = self.draw.choice(GOODS, 3, replace=False)
            good &= np.isin(house.orders["category"], wanted)
        order = np.flatnonzero(good)
        return self._copied(order, house.orders["printed"][order])

    def _station_remote(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        """A remote hand works at one station in whoever's session is open there."""
        theft["workstation"] = station = house.stations[0]
        order, ts = self._sittings(house, begin, end, (12.1, 12.9), 70)
        who = self.draw.choice(house.readers, self.days + 2)
        self._add(house, order, ts, who[(ts - START) // DAY], station, "reveal", exposed=True)
        return self._copied(order, ts)

    def _between(self, house: House, begin: int, end: int) -> np.ndarray:
        printed = house.orders["printed"]
        inside = (printed >= START + begin * DAY) & (printed < START + end * DAY)
        return inside & (house.orders["lane"] != "B")

    def _label_photographer(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        good = self._between(house, begin, end)
        if self.draw.random() < 0.7:
            good &= house.orders["carrier"] == self.draw.choice(house.orders["carrier"])
        order = np.flatnonzero(good & (self.draw.random(len(good)) < theft["selection"]["keep"]))
        return order, house.orders["printed"][order] + 3 * HOUR

    def _shop_leak(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        shop = theft["selection"]["shop"] = str(self.draw.choice(house.orders["shop"]))
        created = house.orders["created"]
        inside = (created >= START + begin * DAY) & (created < START + end * DAY)
        keep = self.draw.random(len(created)) < theft["selection"]["keep"]
        order = np.flatnonzero(inside & (house.orders["shop"] == shop) & keep)
        return order, created[order] + 30 * 60_000_000

    def _erp_leak(self, house: House, theft: dict[str, Any], begin: int, end: int) -> Took:
        created = house.orders["created"]
        inside = (created >= START + begin * DAY) & (created < START + end * DAY)
        order = np.flatnonzero(inside & (self.draw.random(len(created)) < theft["selection"]["keep"]))
        return order, created[order] + HOUR

    # --- victims ---
    def victims(self) -> tuple[list[dict[str, str]], dict[str, list[str]]]:
        """Return the list and who was whose, by theft ('' for none)."""
        draw = self.draw
        self.law = str(draw.choice(["lognormal", "hours", "weeks"]))
        self.timing = str(draw.choice(["exact", "rounded", "patchy"]))
        reporting = float(draw.choice([0.01, 0.03, 0.1]))
        self.noise = float(draw.choice([0.0, 0.3, 0.6, 0.8]))
        close = START + (self.days + int(draw.integers(1, 12))) * DAY
        found: list[tuple[int, int, int, float, str]] = []
        for taken in self.taken:
            called = self._called(taken.ts)
            # People report by how hard they were hit: a few campaigns are reported by many, most by few.
            rate = reporting * draw.gamma(3, 1 / 3)
            chosen = np.flatnonzero(draw.random(len(called)) < min(0.5, rate))[:400]
            found += [
                (taken.house, int(taken.order[n]), int(called[n]), draw.beta(6, 2), taken.theft["id"])
                for n in chosen
            ]
        found += self._noise(max(12, len(found)))
        rows, truth = [], {one["id"]: [] for one in self.thefts} | {"": []}
        for at in draw.permutation(len(found)):
            house, order, called, certainty, whose = found[at]
            reported = called + int(draw.exponential(1.5 + 3 * draw.random()) * DAY)
            if reported < close:
                rows.append(self._row(self.houses[house], order, called, reported, certainty))
                truth[whose].append(str(self.houses[house].orders["order_id"][order]))
        return rows, truth

    def _called(self, ts: np.ndarray) -> np.ndarray:
        """Batches of one or more days are sold together and called within days."""
        draw = self.draw
        batch = (ts - START) // (DAY * int(draw.integers(1, 4)))
        names, which = np.unique(batch, return_inverse=True)
        match self.law:
            case "lognormal":
                wait = draw.lognormal(np.log(3), 0.5, len(names))[which] + draw.exponential(1.2, len(ts))
            case "hours":
                wait = 0.1 + draw.exponential(0.5, len(ts)) + (draw.random(len(names)) < 0.3)[which]
            case _:
                wait = draw.lognormal(np.log(9), 0.3, len(names))[which] + draw.uniform(0, 5, len(ts))
        last = ts.copy()
        for place in range(len(names)):  # nobody calls before the batch is whole
            last[which == place] = ts[which == place].max()
        base = ts if self.law == "hours" else last
        called = base + (wait * DAY).astype(np.int64)
        local = (called - START) % DAY
        asleep = (local < 8 * HOUR) | (local > 21 * HOUR)
        return np.where(asleep, called - local + DAY + 9 * HOUR + draw.integers(0, 6 * HOUR, len(ts)), called)

    def _noise(self, ours: int) -> list[tuple[int, int, int, float, str]]:
        draw = self.draw
        count = int(ours * self.noise / (1 - self.noise)) if self.noise else 0
        sizes = np.array([len(house.orders["created"]) for house in self.houses], dtype=float)
        campaigns = [(int(draw.integers(0, self.days)), draw.choice(GOODS, 2), float(draw.lognormal(1.5, 0.5)))
                     for _ in range(4)]  # fmt: skip
        found = []
        for _ in range(count):
            at = int(draw.choice(len(sizes), p=sizes / sizes.sum()))
            house = self.houses[at]
            order = int(draw.integers(len(house.orders["created"])))
            wait = draw.gamma(1.2, 4.5)
            if draw.random() < 0.5:  # a campaign elsewhere: goods of a few classes, ordered within days
                day, goods, wait = campaigns[int(draw.integers(len(campaigns)))]
                like = np.flatnonzero(
                    np.isin(house.orders["category"], goods)
                    & (np.abs(house.orders["created"] - START - day * DAY) < 4 * DAY)
                )
                order = int(draw.choice(like)) if len(like) else order
                wait += draw.exponential(2)
            called = int(house.orders["created"][order] + (0.2 + wait) * DAY)
            found.append((at, order, called, float(draw.beta(3, 3)), ""))
        return found

    def _row(self, house: House, order: int, called: int, reported: int, certainty: float) -> dict[str, str]:
        draw = self.draw
        at = _iso(called)
        if self.timing == "rounded" and draw.random() < 0.5:
            at = at[:10]
        if self.timing == "patchy" and draw.random() < 0.3:
            at = ""
        by_order = draw.random() < 0.7
        order_no, waybill = str(house.orders["order_id"][order]), str(house.orders["waybill_no"][order])
        if draw.random() < 0.04:
            order_no, waybill = order_no[:-1] + "x", waybill[:-1] + "x"
        return {
            "order_id": order_no if by_order else "", "waybill_no": "" if by_order else waybill, "contacted_at": at,
            "reported_at": _iso(reported), "certainty": "" if self.timing == "patchy" else f"{certainty:.2f}",
        }  # fmt: skip

    # --- files ---
    def write(self, folder: Path) -> None:
        """Write the folder."""
        folder.mkdir(parents=True)
        with duckdb.connect() as db:
            for house in self.houses:
                self._write_house(db, house, folder)
            db.execute(
                f"COPY (SELECT * FROM read_parquet('{folder}/o-*.parquet')) TO '{folder}/orders.parquet'"
            )
        for part in folder.glob("o-*.parquet"):
            part.unlink()
        _csv(folder / "roster.csv", [row for house in self.houses for row in house.roster])
        rows, truth = self.victims()
        _csv(folder / "victims.csv", rows or [{"order_id": "none"}])
        for theft in self.thefts:
            theft["victims"] = truth[theft["id"]]
        (folder / "truth.json").write_text(
            json.dumps(
                {"thefts": self.thefts, "outside": {"victims": truth[""]}, "law": self.law, "timing": self.timing,
                 "noise": self.noise, "explained": self.explained, "lanes": self.lanes}, indent=1,
            )
        )  # fmt: skip

    def _write_house(self, db: duckdb.DuckDBPyConnection, house: House, folder: Path) -> None:
        table = {name: np.concatenate([part[name] for part in house.events]) for name in house.events[0]}
        order, created = table["order"], house.orders["created"]
        number, category = house.orders["order_id"][order], house.orders["category"][order]
        events = {
            "ts": table["ts"], "order_id": number, "category": category, "created": created[order],
            **{name: table[name].astype(str) for name in ("account", "workstation", "action", "explained_by")},
            "exposed": table["exposed"].astype(bool),
        }  # fmt: skip
        db.register("made", events)
        (folder / "events").mkdir(exist_ok=True)
        why = "nullif(explained_by, '')" if self.explained else "NULL::VARCHAR"
        db.execute(
            f"COPY (SELECT '{house.tenant}' AS tenant, make_timestamp(ts) AS ts, account, "
            "nullif(workstation, 'None') AS workstation, action, order_id, exposed, true AS allowed, "
            f"{why} AS explained_by, category, make_timestamp(created) AS order_created_at FROM made ORDER BY ts) "
            f"TO '{folder}/events/{house.tenant}.parquet'"
        )
        lane = house.orders["lane"] if self.lanes else np.full(len(created), "")
        db.register(
            "orders_made",
            {**{k: v for k, v in house.orders.items() if k not in {"lane", "station"}}, "lane": lane},
        )
        db.execute(
            f"COPY (SELECT order_id, '{house.tenant}' AS tenant, make_timestamp(created) AT TIME ZONE 'UTC' AS created_at, "
            f"category, waybill_no, shop, carrier, 'erp' AS erp, nullif(lane, '') AS lane FROM orders_made) "
            f"TO '{folder}/o-{house.tenant}.parquet'"
        )


def _csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _iso(us: int) -> str:
    return datetime.fromtimestamp(int(us) // 1_000_000, tz=UTC).isoformat()


if __name__ == "__main__":
    first, many = (int(text) for text in sys.argv[2:4]) if len(sys.argv) > 3 else (1, 12)
    for seed in range(first, first + many):
        World(seed).write(Path(sys.argv[1]) / f"c{seed:04d}")
