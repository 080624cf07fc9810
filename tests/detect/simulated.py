"""Sixty days of a simulated warehouse, with the acts and scenes of the frozen cases."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Final, Literal

import msgspec

from waybillguard.events import CHINA, AccessEvent
from waybillguard.simulate import EventColumns, Parameters, make_world

START: Final = date(2026, 9, 28)
DAYS: Final = 60
PEAK: Final = (date(2026, 11, 11) - START).days
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT: Final = datetime(START.year, START.month, START.day, tzinfo=CHINA)
_KINDS: Final = {"service": {"service"}, "print": {"print", "clerk"}, "office": {"manager", "owner"}}
_WORKS: Final = 1

type Roster = list[dict[str, str | None]]


class Busy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Honest daily work of a new account."""

    count: tuple[int, int]
    action: str
    explained: float = 0.0
    by: str = "pick_list"
    exposed: bool = True


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one account adds (the README of the cases explains each field)."""

    who: str
    days: tuple[int, int]
    count: tuple[int, int] = (0, 0)
    hours: str | tuple[float, float] = "shift"
    gap: tuple[float, float] = (60, 600)
    orders: Literal["recent", "old", "run", "any", "made_up"] = "recent"
    action: str = "reveal"
    exposed: bool = True
    place: str = "own"
    explained: float = 0.0
    by: str = "ticket"
    again: float = 0.0
    parts: int = 1
    begins: int = 0
    busy: Busy | None = None


@dataclass(frozen=True)
class Warehouse:
    """One warehouse: events by day, roster, and the orders printed on each day."""

    tenant: str
    days: Mapping[int, Sequence[AccessEvent]]
    roster: Roster
    orders: Mapping[int, Sequence[str]]

    @cached_property
    def worked(self) -> Counter[tuple[str | None, int]]:
        """Return the number of events by account and day."""
        return Counter((row.account, day) for day, rows in self.days.items() for row in rows)

    def accounts(self, kind: str) -> list[str]:
        """Return the accounts of a kind of role, by the number of days worked, most first."""
        active = Counter(account for account, _ in self.worked)
        mine = [str(one["account"]) for one in self.roster if one["role"] in _KINDS[kind]]
        return sorted(dict.fromkeys(mine), key=lambda one: (-active[one], one))

    def duty(self, account: str) -> Mapping[str, str | None]:
        """Return an account's row of the roster."""
        return next(one for one in self.roster if one["account"] == account)

    def rows(self) -> Iterator[AccessEvent]:
        """Yield every event."""
        for day in range(DAYS):
            yield from self.days.get(day, ())


@dataclass(frozen=True)
class Told:
    """The changes that a case makes to a warehouse.

    Attributes:
        rows: replaces the warehouse's events; None keeps them.
        added: additional events.
        stolen: those of the additional events that are the thief's.
        roster: the full roster.
        created: creation time of orders, where it cannot be derived from the events.
        unlisted: orders missing from the list of orders.
    """

    added: Sequence[AccessEvent] = ()
    stolen: Sequence[AccessEvent] = ()
    rows: Sequence[AccessEvent] | None = None
    roster: Roster | None = None
    created: Mapping[str, datetime] = field(default_factory=dict)
    unlisted: Sequence[str] = ()


@cache
def warehouse(generator: str, seed: int) -> Warehouse:
    """Return a generator's warehouse, without thefts."""
    made = make_world(
        Parameters(seed=seed, start=START, days=DAYS, warehouses=1, parcels=600, kinds=()), generator
    )
    days: dict[int, list[AccessEvent]] = defaultdict(list)
    for columns in made.events:
        days[columns.day - (START - date(1970, 1, 1)).days] += _events(columns)
    orders = {
        day: list(dict.fromkeys(row.order_id for row in rows if row.order_id and row.action == "print"))
        for day, rows in days.items()
    }
    roster: Roster = [{one.name: str(getattr(row, one.name)) for one in fields(row)} for row in made.roster]
    return Warehouse(made.events[0].tenant, days, roster, orders)


def _events(columns: EventColumns) -> list[AccessEvent]:
    left = {"tenant", "ts", "day", "w10", "order_created_at", "event_id"}
    values = {
        name: columns.texts(name) if name in columns.words or name in columns.numbers else array.tolist()
        for name, array in columns.columns.items()
        if name not in left
    }
    return [
        AccessEvent(
            tenant=columns.tenant,
            ts=_EPOCH + timedelta(microseconds=us),
            **{name: many[n] for name, many in values.items()},
        )
        for n, us in enumerate(columns.columns["ts"].tolist())
    ]


def at(day: int, hour: float) -> datetime:
    """Return a time on the warehouse's clock; days count from 0."""
    return (_MIDNIGHT + timedelta(days=day, hours=hour)).astimezone(UTC)


def play(acts: Iterable[Act], place: Warehouse, dice: random.Random) -> Told:
    """Return the changes made by the acts of a theft."""
    added: list[AccessEvent] = []
    stolen: list[AccessEvent] = []
    roster = list(place.roster)
    for act in acts:
        account, duty = _who(act, place)
        if duty not in roster:
            roster.append(duty)
        if act.busy:
            added += _busy_days(act, act.busy, account, duty, place, dice)
        for day in range(act.days[0], act.days[1] + 1):
            works = act.busy or act.hours in {"night", "always"} or place.worked[account, day] >= _WORKS
            if works:
                stolen += _theft_of(day, act, account, duty, place, dice)
    return Told(added=[*added, *stolen], stolen=stolen, roster=roster)


def _who(act: Act, place: Warehouse) -> tuple[str, dict[str, str | None]]:
    kind, which = act.who.split()
    if which != "new":
        account = place.accounts(kind)[int(which) - 1]
        return account, dict(place.duty(account))
    hours = ("0", "24") if kind == "api" else ("9", "19")
    begins = (START + timedelta(days=act.begins)).isoformat()
    return f"{kind}-new", {
        "tenant": place.tenant, "account": f"{kind}-new", "role": kind, "shift_start": hours[0], "shift_end": hours[1],
        "workstation": "" if kind == "api" else "NEW-1", "employed_from": begins, "employed_to": "",
    }  # fmt: skip


def _busy_days(
    act: Act, busy: Busy, account: str, duty: Mapping[str, str | None], place: Warehouse, dice: random.Random
) -> Iterator[AccessEvent]:
    for day in range(act.begins, DAYS):
        for _ in range(dice.randint(*busy.count)):
            hour = dice.uniform(float(duty["shift_start"] or 0), float(duty["shift_end"] or 24))
            yield _look(
                at(day, hour), account, duty, place, dice.choice(_recent(place, day)), action=busy.action,
                exposed=busy.exposed, by=busy.by if dice.random() < busy.explained else None,
            )  # fmt: skip


def _theft_of(
    day: int, act: Act, account: str, duty: Mapping[str, str | None], place: Warehouse, dice: random.Random
) -> Iterator[AccessEvent]:
    if act.again:
        for row in place.days[day]:
            if row.account == account and row.action == act.action and dice.random() < act.again:
                order = dice.choice(_recent(place, day))
                yield msgspec.structs.replace(
                    row, ts=row.ts + timedelta(seconds=dice.uniform(60, 600)), order_id=order, exposed=True,
                    explained_by=None, explained_ref=None,
                )  # fmt: skip
        return
    count = dice.randint(*act.count)
    orders = _choose(act, account, place, day, count, dice)
    for n, ts in enumerate(_times(act, day, duty, count, dice)):
        by = act.by if dice.random() < act.explained else None
        station, ip = _where(act, day, place)
        yield _look(
            ts, account, duty, place, orders[n], action=act.action, exposed=act.exposed, by=by, station=station, ip=ip
        )  # fmt: skip


def _look(
    ts: datetime, account: str, duty: Mapping[str, str | None], place: Warehouse, order: str, *,
    action: str = "reveal", exposed: bool = True, by: str | None = None, station: str | None = None, ip: str | None = None,
) -> AccessEvent:  # fmt: skip
    if station is None and ip is None:
        station, ip = duty["workstation"] or None, None if duty["workstation"] else "10.20.0.9"
    ref = None if by is None else f"{by}-{order}"
    return AccessEvent(
        tenant=place.tenant, ts=ts, action=action, account=account, workstation=station, ip=ip, order_id=order,
        exposed=exposed, explained_by=by, explained_ref=ref,
    )  # fmt: skip


def _recent(place: Warehouse, day: int) -> list[str]:
    found: list[str] = []
    for earlier in range(day, -1, -1):
        found += place.orders.get(earlier, ())
        if len(found) >= 200:
            break
    return found


def _choose(act: Act, account: str, place: Warehouse, day: int, count: int, dice: random.Random) -> list[str]:
    if act.orders == "made_up":
        return [f"NONE-{account}-{day}-{n}" for n in range(count)]
    if act.orders == "old":
        pool = [one for earlier in range(max(day - 14, 1)) for one in place.orders.get(earlier, ())]
    elif act.orders == "any":
        pool = [one for earlier in range(day + 1) for one in place.orders.get(earlier, ())]
    else:
        pool = _recent(place, day)
    if act.orders == "run":
        ranked = sorted(pool)
        begin = dice.randrange(max(len(ranked) - count, 1))
        return ranked[begin : begin + count]
    return dice.sample(pool, min(count, len(pool))) + dice.choices(pool, k=max(count - len(pool), 0))


def _times(
    act: Act, day: int, duty: Mapping[str, str | None], count: int, dice: random.Random
) -> list[datetime]:
    start, end = float(duty["shift_start"] or 0), float(duty["shift_end"] or 24)
    if end <= start:
        end += 24
    lunch = (start + end) / 2 - 0.5
    spans: dict[str, tuple[float, float]] = {
        "shift": (start + 0.2, end - 0.2), "after": (end, end + 0.5), "night": (25.5, 28.5), "always": (0.0, 24.0),
        "lunch": (lunch, lunch + 1),
    }  # fmt: skip
    low, high = spans[act.hours] if isinstance(act.hours, str) else act.hours
    times: list[float] = []
    for part in range(act.parts):
        share = count // act.parts + (part < count % act.parts)
        gaps = [dice.uniform(*act.gap) / 3600 for _ in range(share)]
        room = high - low
        squeeze = min(1.0, room / max(sum(gaps), 1e-9))
        begin = low + dice.uniform(0, room - sum(gaps) * squeeze)
        for gap in gaps:
            begin += gap * squeeze
            times.append(begin)
    return [at(day, one) for one in times]


def _where(act: Act, day: int, place: Warehouse) -> tuple[str | None, str | None]:
    if act.place == "own":
        return None, None
    if act.place.startswith("network"):
        return None, f"100.{64 + (day if act.place == 'networks' else 0)}.7.8"
    kind, which = act.place.split()
    return place.duty(place.accounts(kind)[int(which) - 1])["workstation"], None


# Scenes: honest days on which everybody's work changes.


def peak(place: Warehouse, dice: random.Random) -> Told:
    """11.11: ten times the median day's prints and five times the desk work, until 1 h; returns for a week."""
    usual = sorted(len(place.orders.get(day, ())) for day in range(PEAK - 21, PEAK))[10]
    today = place.days[PEAK]
    prints = [row for row in today if row.action == "print"]
    more = max(10 * usual - len(prints), 0)
    added = [_again(dice.choice(prints), n, place, dice, until=25.0, day=PEAK) for n in range(more)]
    desk = [row for row in today if row.action in {"reveal", "view", "search"}]
    added += [_again(row, 10**6 + n, place, dice, until=25.0, day=PEAK) for n, row in enumerate(desk * 4)]
    for day in range(PEAK + 1, PEAK + 8):
        back = [row for row in place.days[day] if row.action in {"reveal", "view", "search"}]
        added += [_again(row, day * 10**7 + n, place, dice, day=day) for n, row in enumerate(back)]
    return Told(added=added)


def migration(place: Warehouse, dice: random.Random) -> Told:
    """Day 40: all stations and networks are new, and the manager exports three thousand open orders before noon."""
    del dice
    rows = [
        msgspec.structs.replace(
            row,
            workstation=row.workstation and f"NEU-{row.workstation}",
            ip=row.ip and f"172.16.{row.ip.rpartition('.')[2]}.5",
        )
        if row.ts >= at(40, 0)
        else row
        for row in place.rows()
    ]
    boss = place.accounts("office")[0]
    pool = [one for day in range(30, 41) for one in place.orders.get(day, ())][:3000]
    books = [
        _look(at(40, 10.5 + n / 72_000), boss, place.duty(boss), place, order, action="export")
        for n, order in enumerate(pool)
    ]
    return Told(rows=rows, added=books)


def returns(place: Warehouse, dice: random.Random) -> Told:
    """Days 40 to 44: six times the returns, 1 in 10 without an explanation."""
    added = []
    for day in range(40, 45):
        back = [row for row in place.days[day] if row.explained_by == "return"]
        for n, row in enumerate(back * 5):
            made = _again(row, day * 10**6 + n, place, dice, day=day)
            silent = dice.random() < 0.1
            added.append(
                msgspec.structs.replace(made, explained_by=None, explained_ref=None) if silent else made
            )
    return Told(added=added)


def training(place: Warehouse, dice: random.Random) -> Told:
    """Day 40: three beginners start at the desk: three days of practice, then normal work."""
    added: list[AccessEvent] = []
    roster = list(place.roster)
    for number in range(3):
        duty: dict[str, str | None] = {
            "tenant": place.tenant, "account": f"kf-new-{number}", "role": "service", "shift_start": "9", "shift_end": "18",
            "workstation": f"NEW-{number}", "employed_from": (START + timedelta(days=40)).isoformat(), "employed_to": "",
        }  # fmt: skip
        roster.append(duty)
        for day in range(40, DAYS):
            practice = day < 43
            for n in range(75 if practice else 24):
                shown = n < (15 if practice else 8)
                told = dice.random() >= (1 / 3 if practice else 0.05)
                added.append(
                    _look(
                        at(day, dice.uniform(9.1, 17.9)), str(duty["account"]), duty, place, dice.choice(_recent(place, day)),
                        action="reveal" if shown else dice.choice(("search", "view")), exposed=shown,
                        by="ticket" if told else None,
                    )
                )  # fmt: skip
    return Told(added=added, roster=roster)


def stocktaking(place: Warehouse, dice: random.Random) -> Told:
    """A Sunday: two print clerks page through four hundred masked orders each and reprint seventy-five labels."""
    day = next(one for one in range(35, DAYS) if (START + timedelta(days=one)).weekday() == 6)
    added = []
    for account in place.accounts("print")[:2]:
        for n in range(475):
            reprint = n >= 400
            added.append(
                _look(
                    at(day, dice.uniform(9, 17)), account, place.duty(account), place, dice.choice(_recent(place, day)),
                    action="reprint" if reprint else "view", exposed=False, by="print_job" if reprint else "pick_list",
                )
            )  # fmt: skip
    return Told(added=added)


def cover(place: Warehouse, dice: random.Random) -> Told:
    """Days 40 to 46: one clerk is absent; a colleague takes her calls as well, at her station."""
    del dice
    colleague, away = place.accounts("service")[:2]
    rows = [
        msgspec.structs.replace(row, account=colleague)
        if row.account == away and at(40, 0) <= row.ts < at(47, 0)
        else row
        for row in place.rows()
    ]
    return Told(rows=rows)


def jam(place: Warehouse, dice: random.Random) -> Told:
    """Day 41: 120 labels are reprinted within an hour, thirty of them without a range."""
    account = place.accounts("print")[0]
    duty = place.duty(account)
    begin = float(duty["shift_start"] or 9) + 3
    return Told(
        added=[
            _look(
                at(41, begin + n / 120), account, duty, place, dice.choice(_recent(place, 41)), action="reprint",
                by=None if n % 4 == 0 else "print_job",
            )
            for n in range(120)
        ]
    )  # fmt: skip


def outage(place: Warehouse, dice: random.Random) -> Told:
    """The events of days 40 to 42 arrive late and out of order; those of day 41 arrive twice."""
    late = [row for day in (40, 41, 42, 41) for row in place.days.get(day, ())]
    dice.shuffle(late)
    return Told(rows=[row for row in place.rows() if not at(40, 0) <= row.ts < at(43, 0)], added=late)


def _again(
    row: AccessEvent,
    number: int,
    place: Warehouse,
    dice: random.Random,
    *,
    day: int,
    until: float | None = None,
) -> AccessEvent:
    """Return a copy of an event for another order, at another time of the person's day."""
    mine = [one.ts for one in place.days[day] if one.account == row.account] if until is None else []
    if until is None:
        low, high = min(mine), max(mine)
    else:
        low, high = at(day, 8.0), at(day, until)
    ts = low + (high - low) * dice.random()
    return msgspec.structs.replace(row, ts=ts, order_id=f"{place.tenant}-again-{number}")


SCENES: Final[Mapping[str, Callable[[Warehouse, random.Random], Told]]] = {
    one.__name__: one for one in (peak, migration, returns, training, stocktaking, cover, jam, outage)
}


def without_reasons(rows: Iterable[AccessEvent]) -> list[AccessEvent]:
    """Return events as written by a third-party system, which explains no looks."""
    return [msgspec.structs.replace(row, explained_by=None, explained_ref=None) for row in rows]
