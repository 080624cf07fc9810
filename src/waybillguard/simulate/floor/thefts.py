"""Thefts: each adds its looks to a day, or leaves none, and keeps the stolen orders."""

from dataclasses import dataclass, field

from numpy.random import Generator

from waybillguard.simulate.errors import SimulateError
from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import Floor, Person, Shop
from waybillguard.simulate.floor.plan import MICRO, Plan, TheftKind, at
from waybillguard.simulate.floor.shift import Ledger, Look, sign_in

_FEW, _MANY = 20, 260


@dataclass
class Theft:
    """One theft in progress. ``place`` is its number in the world; ``floor`` None: every warehouse of an ERP."""

    place: int
    kind: TheftKind
    floor: Floor | None
    first_day: int
    last_day: int
    person: Person | None = None
    shop: Shop | None = None
    erp: str = ""
    gang: str = ""
    hour: float = 2.0
    a_day: int = 60
    ip: str = ""
    seen: set[int] = field(default_factory=set)
    #: Parcels taken today, with the time.
    today: list[tuple[Parcel, int]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The theft's name in the truth."""
        return f"T{self.place + 1:02d}"

    def concerns(self, floor: Floor) -> bool:
        """Return whether the theft happens in this warehouse."""
        return self.floor is floor or (self.floor is None and self.erp == floor.erp)

    def take(self, parcel: Parcel, ts: int) -> None:
        """Mark a parcel as stolen, once."""
        if parcel.number not in self.seen:
            self.seen.add(parcel.number)
            self.today.append((parcel, ts))


def plot(plan: Plan, floors: list[Floor], rng: Generator) -> list[Theft]:
    """Assign the plan's thefts to the warehouses. Nobody steals twice, and a gang stays in one warehouse.

    Raises:
        SimulateError (simulate_parameters): more thefts than people.
    """
    thefts: list[Theft] = []
    used: set[str] = set()
    gangs: dict[str, Floor] = {}
    for place, (kind, gang) in enumerate(plan.thefts):
        floor = gangs.setdefault(gang, floors[place % len(floors)]) if gang else floors[place % len(floors)]
        early = max(1, min(6, plan.days - 3))
        length = max(1, min(int(rng.integers(3, 12)), plan.days - early))
        start = plan.first_day + int(rng.integers(early, max(early + 1, plan.days - length + 1)))
        theft = Theft(place, kind, floor, start, start + length - 1, gang=gang)
        if kind is TheftKind.SHOP_LEAK:
            theft.shop = floor.shops[int(rng.integers(len(floor.shops)))]
        elif kind is TheftKind.ERP_LEAK:
            theft.floor, theft.erp = None, floor.erp
        elif kind is not TheftKind.LABEL_PHOTOGRAPHER:
            theft.person = _thief(kind, floor, used, rng)
            used.add(theft.person.number)
        _habits(theft, plan, rng)
        thefts.append(theft)
    return thefts


_ROLES = {
    TheftKind.TEMP: ("temp",),
    TheftKind.SLOW_CLERK: ("service",),
    TheftKind.LEAVER: ("service",),
}


def _thief(kind: TheftKind, floor: Floor, used: set[str], rng: Generator) -> Person:
    free = [p for p in floor.of(*_ROLES.get(kind, ("clerk",))) if p.number not in used]
    free = free or [p for p in floor.of("clerk", "service", "temp") if p.number not in used]
    if not free:
        raise SimulateError(
            code="simulate_parameters",
            zh="窃取的起数多于员工数。请增加 --warehouses 或 --parcels，或减少 --each。",
            en="more thefts than people. Raise --warehouses or --parcels, or lower --each.",
        )
    return free[int(rng.integers(len(free)))]


def _habits(theft: Theft, plan: Plan, rng: Generator) -> None:
    person, last = theft.person, plan.first_day + plan.days - 1
    if person is None:
        theft.a_day = int(rng.integers(30, 90))
        return
    abroad = f"203.0.113.{rng.integers(2, 250)}"
    match theft.kind:
        case TheftKind.NIGHT_REMOTE:
            theft.hour, theft.a_day = float(rng.uniform(0.5, 4.5)), int(rng.integers(80, _MANY))
        case TheftKind.HIDDEN_REMOTE:
            theft.hour, theft.a_day = person.start + float(rng.uniform(1, 6)), int(rng.integers(40, 120))
        case TheftKind.LEAVER:
            person.last_day = theft.first_day - 1
            theft.hour, theft.a_day = float(rng.uniform(19, 22.5)), int(rng.integers(30, 140))
            theft.ip = abroad
        case TheftKind.TEMP if person.role == "temp":
            theft.first_day = min(max(person.first_day, plan.first_day + 1), last - 1)
            theft.last_day = min(person.last_day or last, last)
            theft.hour, theft.a_day = 15.0, int(rng.integers(25, 90))
        case TheftKind.SLOW_CLERK:
            theft.last_day = last
            theft.hour, theft.a_day = person.start, int(rng.integers(6, _FEW))
        case TheftKind.SHARED_PASSWORD:
            theft.hour, theft.a_day, theft.ip = float(rng.uniform(12, 21)), int(rng.integers(40, 150)), abroad


def steal(theft: Theft, book: Ledger, day: int, rng: Generator) -> None:
    """Simulate one day of a theft in one warehouse; its stolen orders are in ``theft.today``."""
    theft.today = []
    if not theft.first_day <= day <= theft.last_day:
        return
    match theft.kind:
        case TheftKind.PRINT_TAP:
            # The program copies everything the station prints; the prints themselves are honest events.
            station = theft.person.station if theft.person else ""
            for parcel in book.today:
                if parcel.printed_on == station:
                    theft.take(parcel, parcel.printed_at)
        case TheftKind.LABEL_PHOTOGRAPHER:
            for parcel in _some(book.today, theft.a_day, rng):
                theft.take(parcel, parcel.shipped_at)
        case TheftKind.SHOP_LEAK | TheftKind.ERP_LEAK:
            mine = [p for p in book.received if theft.shop in (None, p.shop)]
            for parcel in _some(mine, max(theft.a_day, len(mine) // 3), rng):
                theft.take(parcel, parcel.created_at + int(rng.exponential(3_600) * MICRO))
        case _:
            _look(theft, book, day, rng)


def _look(theft: Theft, book: Ledger, day: int, rng: Generator) -> None:
    fresh = [p for p in book.shipped[-6_000:] if p.number not in theft.seen]
    if theft.person is None or not fresh or rng.random() < 0.12:  # noqa: PLR2004 - thieves rest too
        return
    if theft.kind is TheftKind.SLOW_CLERK:
        _little_by_little(theft, theft.person, book, (fresh, day), rng)
    else:
        _in_one_go(theft, theft.person, book, (fresh, day), rng)


def _in_one_go(
    theft: Theft, person: Person, book: Ledger, what: tuple[list[Parcel], int], rng: Generator
) -> None:
    fresh, day = what
    now = max(60.0, theft.hour * 3600 + rng.normal(0, 900))
    hidden = theft.kind is TheftKind.HIDDEN_REMOTE
    session = book.signed_in.get(person.number, -1) if hidden else -1
    if session < 0:
        session = sign_in(book, person, at(day, now), rng, ip=theft.ip)
    count = max(5, int(rng.normal(theft.a_day, theft.a_day * 0.25)))
    start = max(0, len(fresh) - count - int(rng.integers(0, 500)))
    for parcel in fresh[start : start + count]:
        now += rng.lognormal(1.5 if theft.kind is TheftKind.NIGHT_REMOTE else 2.3, 0.5)
        for action in ("view", "reveal") if rng.random() < 0.25 else ("reveal",):  # noqa: PLR2004
            shown = action == "reveal"
            look = Look(at(day, now), person, action, parcel, purpose="call" if shown else "", exposed=shown,
                        session=session, ip=theft.ip)  # fmt: skip
            book.looks.append(look)
            if shown:
                theft.take(parcel, look.ts)
            now += 1.5


def _little_by_little(
    theft: Theft, person: Person, book: Ledger, what: tuple[list[Parcel], int], rng: Generator
) -> None:
    fresh, day = what
    session = book.signed_in.get(person.number, -1)
    if session < 0:  # not at work today
        return
    for parcel in _some(fresh, int(rng.poisson(theft.a_day)), rng):
        ts = at(day, rng.uniform(person.start, person.end) * 3600)
        book.looks.append(Look(ts, person, "reveal", parcel, purpose="call", exposed=True, session=session))
        theft.take(parcel, ts)


def _some(parcels: list[Parcel], count: int, rng: Generator) -> list[Parcel]:
    if not parcels:
        return []
    return [parcels[int(i)] for i in rng.choice(len(parcels), size=min(count, len(parcels)), replace=False)]
