"""Additions to a simulated warehouse for cases of prints and stations: scans, a list of orders, shared desks."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import duckdb
import msgspec
from detect.simulated import DAYS, START, Roster, Told, Warehouse, at

from waybillguard.events import AccessEvent

SCANNER: Final = "scan-table"
_SUNDAY: Final = 6


class Scans(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How honest labels are scanned out (the README of the cases explains each field)."""

    share: float
    late: tuple[int, int] | None = None
    broken: tuple[int, int] | None = None
    bags: tuple[int, ...] = ()
    never_at: str = ""
    closed: tuple[int, int] | None = None


def scans_of(scans: Scans, place: Warehouse, told: Told, dice: random.Random) -> Iterator[AccessEvent]:
    """Yield a masked view at the weighing station for each honest label that is scanned out."""
    stolen = {id(row) for row in told.stolen}
    station = None
    if scans.never_at:
        kind, which = scans.never_at.split()
        station = place.duty(place.accounts(kind)[int(which) - 1])["workstation"]
    honest = [*(told.rows if told.rows is not None else place.rows()), *told.added]
    labels: dict[str, AccessEvent] = {}
    for row in honest:
        if row.action == "print" and row.order_id and id(row) not in stolen:
            labels.setdefault(row.order_id, row)
    for order, row in labels.items():
        day = (row.ts - at(0, 0)) // timedelta(days=1)
        missed = dice.random() >= scans.share or (day in scans.bags and dice.random() < 0.1)
        if missed or (station is not None and row.workstation == station):
            continue
        late = scans.late is not None and scans.late[0] <= day <= scans.late[1]
        ts = row.ts + timedelta(hours=dice.uniform(48, 140) if late else dice.triangular(0.3, 26, 2))
        ts = _open(ts, scans)
        when = (ts - at(0, 0)) // timedelta(days=1)
        if when >= DAYS or (scans.broken and scans.broken[0] <= when <= scans.broken[1]):
            continue
        yield AccessEvent(
            tenant=place.tenant, ts=ts, action="view", account=SCANNER, workstation="WEIGH-1", order_id=order,
            purpose="scan",
        )  # fmt: skip


def _open(ts: datetime, scans: Scans) -> datetime:
    """Return the same hour of the next day on which the scanners work."""
    while scans.closed is not None:
        day = (ts - at(0, 0)) // timedelta(days=1)
        sunday = (START + timedelta(days=day)).weekday() == _SUNDAY
        if not sunday and not scans.closed[0] <= day <= scans.closed[1]:
            break
        ts += timedelta(days=1)
    return ts


def write_orders(which: Literal["all", "half", "early"], place: Warehouse, told: Told, to: Path) -> None:
    """Write the list of orders, each created some hours before its label, or at the time in ``told.created``."""
    dice = random.Random(f"orders {place.tenant} {which}")
    stolen = {id(row) for row in told.stolen}
    created: dict[str, datetime] = {}
    rows = [*(told.rows if told.rows is not None else place.rows()), *told.added]
    for row in sorted(rows, key=lambda one: one.ts):
        if row.order_id and id(row) not in stolen and row.order_id not in created:
            created[row.order_id] = row.ts - timedelta(hours=dice.uniform(0.2, 40))
    created.update(told.created)
    for order in told.unlisted:
        created.pop(order, None)
    names = sorted(created)
    if which == "half":
        names = [one for one in names if random.Random(one).random() < 0.5]
    if which == "early":
        names = [one for one in names if created[one] < at(DAYS - 10, 0)]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE o (order_id VARCHAR, tenant VARCHAR, created_at TIMESTAMPTZ)")
    connection.execute(
        "INSERT INTO o SELECT unnest($1), $2, unnest($3)",
        [names, place.tenant, [created[one] for one in names]],
    )
    connection.execute(f"COPY o TO '{to}' (FORMAT PARQUET)")


# Scenes: honest days, except ``desk_flood``.


def returns_desk(place: Warehouse, dice: random.Random) -> Told:
    """Four people take turns at one terminal every few minutes, from 10 to 16 h, with thirty returns a day."""
    crew = [*place.accounts("service")[:2], *place.accounts("print")[:2]]
    added = []
    for day in range(DAYS):
        working = [one for one in crew if place.worked[one, day]]
        for n in range(30 if working else 0):
            silent = dice.random() < 0.1
            ts = at(day, 10 + n / 5 + dice.uniform(0, 0.15))
            added.append(
                _desk(
                    place, ts, working[n % len(working)], "RETURNS-1", dice, by=None if silent else "return"
                )
            )
    return Told(added=added)


def change_of_shift(place: Warehouse, dice: random.Random) -> Told:
    """Every day from 14:30 to 15:00, the two busiest desks serve two people each, six cases per person."""
    crew = place.accounts("service")
    added = []
    for day in range(DAYS):
        for number, desk in enumerate(("DESK-A", "DESK-B")):
            for who in crew[2 * number : 2 * number + 2]:
                for _ in range(6 if place.worked[who, day] else 0):
                    silent = dice.random() < 0.1
                    ts = at(day, dice.uniform(14.5, 15.0))
                    added.append(_desk(place, ts, who, desk, dice, by=None if silent else "ticket"))
    return Told(added=added)


def lesson(place: Warehouse, dice: random.Random) -> Told:
    """Day 40: a supervisor and two beginners at one desk from 10 to 12 h, ten orders each."""
    learners = ["kf-new-1", "kf-new-2"]
    begins = (START + timedelta(days=40)).isoformat()
    beginners = [
        {"tenant": place.tenant, "account": one, "role": "service", "shift_start": "9", "shift_end": "18",
         "workstation": "NEW-1", "employed_from": begins, "employed_to": ""}
        for one in learners
    ]  # fmt: skip
    roster: Roster = [*place.roster, *beginners]
    added = []
    for n in range(30):
        who = [place.accounts("service")[0], *learners][n % 3]
        told = dice.random() >= 1 / 3
        added.append(_desk(place, at(40, 10 + n / 15), who, "NEW-1", dice, by="ticket" if told else None))
    return Told(added=added, roster=roster)


def sent_again(place: Warehouse, dice: random.Random) -> Told:
    """About six old parcels a day are sent again under their number, and two labels a day have no order."""
    added, unlisted = [], []
    for day in range(21, DAYS):
        clerks = [one for one in place.accounts("print") if place.worked[one, day]]
        old = [one for earlier in range(day - 20) for one in place.orders.get(earlier, ())]
        for n in range(dice.randint(3, 9) + 2 if clerks and old else 0):
            by_hand = n < 2
            order = f"BY-HAND-{day}-{n}" if by_hand else dice.choice(old)
            unlisted += [order] if by_hand else []
            added.append(_label(place, at(day, dice.uniform(10, 16)), dice.choice(clerks), order))
    return Told(added=added, unlisted=tuple(unlisted))


def presale(place: Warehouse, dice: random.Random) -> Told:
    """Day 42: three hundred orders of day 17 are released and printed by that day's print clerks."""
    clerks = [one for one in place.accounts("print") if place.worked[one, 42]]
    names = [f"PRESALE-{n}" for n in range(300)]
    added = [_label(place, at(42, dice.uniform(10, 16)), dice.choice(clerks), one) for one in names]
    return Told(added=added, created={one: at(17, dice.uniform(8, 24)) for one in names})


def desk_sale(place: Warehouse, dice: random.Random) -> Told:
    """Days 43 and 44: four times the orders, and four times the looks by all desk staff."""
    rows = _desk_log(place)
    more = []
    for row in rows:
        day = (row.ts - at(0, 0)) // timedelta(days=1)
        for n in range(3 if day in {43, 44} else 0):
            ts = at(day, 0) + timedelta(hours=dice.uniform(9, 19))
            more.append(msgspec.structs.replace(row, ts=ts, order_id=f"SALE-{day}-{len(more)}-{n}"))
    created = _created(place)
    for day in (43, 44):
        count = 3 * len(place.orders.get(day, ()))
        created.update({f"SALE-ORDER-{day}-{n}": at(day, dice.uniform(0, 24)) for n in range(count)})
    return Told(rows=rows, added=more, created=created)


def desk_flood(place: Warehouse, dice: random.Random) -> Told:
    """Three working days from day 40: the busiest clerk opens three times as many orders in addition."""
    rows = _desk_log(place)
    who = place.accounts("service")[0]
    usual = sum(row.account == who and row.exposed for row in rows) / max(
        sum(place.worked[who, d] > 0 for d in range(DAYS)), 1
    )
    pool = sorted(_created(place))
    stolen = []
    for day in [one for one in range(40, DAYS) if place.worked[who, one]][:3]:
        for _ in range(round(3 * max(usual, 10))):
            ts = at(day, dice.uniform(10, 17))
            stolen.append(
                _desk(
                    place,
                    ts,
                    who,
                    str(place.duty(who)["workstation"]),
                    dice,
                    by=None,
                    order=dice.choice(pool),
                )
            )
    return Told(rows=rows, added=stolen, stolen=stolen, created=_created(place))


def _desk_log(place: Warehouse) -> list[AccessEvent]:
    return [row for row in place.rows() if row.action in {"reveal", "search", "view"}]


def _created(place: Warehouse) -> dict[str, datetime]:
    dice = random.Random("created")
    return {order: at(day, dice.uniform(0, 20)) for day, orders in place.orders.items() for order in orders}


def _desk(
    place: Warehouse, ts: datetime, who: str, station: str, dice: random.Random, *, by: str | None, order: str = "",
) -> AccessEvent:  # fmt: skip
    day = (ts - at(0, 0)) // timedelta(days=1)
    pool = [one for earlier in range(max(day - 7, 0), day + 1) for one in place.orders.get(earlier, ())]
    chosen = order or dice.choice(pool or ["FIRST"])
    return AccessEvent(
        tenant=place.tenant, ts=ts, action="reveal", account=who, workstation=station, order_id=chosen, exposed=True,
        explained_by=by, explained_ref=by and f"{by}-{chosen}",
    )  # fmt: skip


def _label(place: Warehouse, ts: datetime, who: str, order: str) -> AccessEvent:
    return AccessEvent(
        tenant=place.tenant, ts=ts, action="print", account=who, workstation=place.duty(who)["workstation"],
        order_id=order, explained_by="print_job", explained_ref=f"job-{order}",
    )  # fmt: skip


SCENES: Final[Mapping[str, Callable[[Warehouse, random.Random], Told]]] = {
    one.__name__: one
    for one in (returns_desk, change_of_shift, lesson, sent_again, presale, desk_sale, desk_flood)
}
