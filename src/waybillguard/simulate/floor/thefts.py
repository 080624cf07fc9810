"""How data leaves: each theft adds its looks to a day, or leaves none, and keeps what it took."""

from dataclasses import dataclass, field

from numpy.random import Generator

from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import Floor, Person
from waybillguard.simulate.floor.plan import DAY, MICRO, Plan, TheftKind, at
from waybillguard.simulate.floor.shift import Ledger, Look, sign_in

_FEW, _MANY = 20, 260


@dataclass
class Theft:
    """One theft as the truth tells it. ``visible``: its own looks stand among the events."""

    kind: TheftKind
    floor: Floor
    person: Person
    first_day: int
    last_day: int
    hour: float
    a_day: int
    ip: str
    visible: bool = True
    stolen: list[Parcel] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, parcel: Parcel, look: Look | None = None) -> None:
        """Keep a parcel as stolen, once."""
        if look is not None:
            self.looks.append(look)
        if parcel.number not in self.seen:
            self.seen.add(parcel.number)
            self.stolen.append(parcel)


def plot(plan: Plan, floors: list[Floor], rng: Generator) -> list[Theft]:
    """Deal the plan's thefts out over the warehouses; windows of one person never overlap."""
    thefts: list[Theft] = []
    used: set[str] = set()
    for index, kind in enumerate(plan.thefts):
        floor = floors[index % len(floors)]
        person = _thief(kind, floor, used, rng)
        used.add(person.number)
        length = max(1, min(int(rng.integers(3, 12)), plan.days - 8))
        start = plan.first_day + int(rng.integers(min(7, plan.days - 1), max(8, plan.days - length)))
        theft = Theft(kind, floor, person, start, start + length - 1, 2.0, 60, "")
        _habits(theft, plan, rng)
        thefts.append(theft)
    return thefts


def _thief(kind: TheftKind, floor: Floor, used: set[str], rng: Generator) -> Person:
    roles = {
        TheftKind.TEMP: ("temp",),
        TheftKind.SLOW_CLERK: ("service",),
        TheftKind.LEAVER: ("service",),
        TheftKind.COURIER_PHOTO: ("clerk",),
        TheftKind.PRINT_TAP: ("clerk",),
    }.get(kind, ("clerk", "service"))
    candidates = [p for p in floor.of(*roles) if p.number not in used] or list(floor.of(*roles))
    return candidates[int(rng.integers(len(candidates)))]


def _habits(theft: Theft, plan: Plan, rng: Generator) -> None:
    person = theft.person
    abroad = f"203.0.113.{rng.integers(2, 250)}"
    match theft.kind:
        case TheftKind.NIGHT_REMOTE:
            theft.hour, theft.a_day = float(rng.uniform(0.5, 4.5)), int(rng.integers(80, _MANY))
        case TheftKind.DAYTIME_REMOTE:
            theft.hour, theft.a_day = person.start + float(rng.uniform(1, 6)), int(rng.integers(40, 120))
        case TheftKind.LEAVER:
            person.last_day = theft.first_day - int(rng.integers(1, 4))
            theft.hour, theft.a_day, theft.ip = (
                float(rng.uniform(19, 22.5)),
                int(rng.integers(30, 140)),
                abroad,
            )
        case TheftKind.TEMP:
            theft.first_day = min(max(person.first_day, plan.first_day + 1), plan.first_day + plan.days - 3)
            theft.last_day = min(person.last_day or theft.first_day, plan.first_day + plan.days - 1)
            theft.hour, theft.a_day = 15.0, int(rng.integers(25, 90))
        case TheftKind.SLOW_CLERK:
            theft.last_day = plan.first_day + plan.days - 1
            theft.hour, theft.a_day = person.start, int(rng.integers(6, _FEW))
        case TheftKind.SHARED_PASSWORD:
            theft.hour, theft.a_day, theft.ip = float(rng.uniform(12, 21)), int(rng.integers(40, 150)), abroad
        case TheftKind.PRINT_TAP | TheftKind.COURIER_PHOTO:
            theft.visible = False
            theft.a_day = int(rng.integers(30, 90)) if theft.kind is TheftKind.COURIER_PHOTO else 0


def steal(theft: Theft, book: Ledger, day: int, rng: Generator) -> None:
    """Do one day of a theft."""
    if not theft.first_day <= day <= theft.last_day:
        return
    if theft.kind is TheftKind.PRINT_TAP:
        # The program copies whatever that station prints; the prints themselves are honest events.
        for parcel in book.shipped:
            if parcel.printed_on == theft.person.station and _is_today(parcel.printed_at, day):
                theft.take(parcel)
        return
    if theft.kind is TheftKind.COURIER_PHOTO:
        leaving = [p for p in book.shipped if _is_today(p.shipped_at, day)]
        for i in (
            rng.choice(len(leaving), size=min(theft.a_day, len(leaving)), replace=False) if leaving else []
        ):
            theft.take(leaving[int(i)])
        return
    fresh = [p for p in book.shipped[-6_000:] if p.number not in theft.seen]
    if not fresh or rng.random() < 0.12:  # noqa: PLR2004 - thieves rest too
        return
    if theft.kind is TheftKind.SLOW_CLERK:
        _little_by_little(theft, book, fresh, day, rng)
    else:
        _in_one_go(theft, book, fresh, day, rng)


def _in_one_go(theft: Theft, book: Ledger, fresh: list[Parcel], day: int, rng: Generator) -> None:
    person, now = theft.person, theft.hour * 3600 + rng.normal(0, 900)
    now = max(60.0, now)
    hidden = theft.kind is TheftKind.DAYTIME_REMOTE
    session = book.signed_in.get(person.number, "") if hidden else ""
    if not session:
        session = sign_in(book, person, at(day, now), rng, ip=theft.ip)
    count = max(5, int(rng.normal(theft.a_day, theft.a_day * 0.25)))
    start = max(0, len(fresh) - count - int(rng.integers(0, 500)))
    for parcel in fresh[start : start + count]:
        now += rng.lognormal(1.5 if theft.kind is TheftKind.NIGHT_REMOTE else 2.3, 0.5)
        for action in ("view", "reveal") if rng.random() < 0.25 else ("reveal",):  # noqa: PLR2004
            look = Look(at(day, now), person, action, parcel, purpose="call" if action == "reveal" else "",
                        exposed=action == "reveal", session=session, ip=theft.ip)  # fmt: skip
            book.looks.append(look)
            if action == "reveal":
                theft.take(parcel, look)
            now += 1.5


def _little_by_little(theft: Theft, book: Ledger, fresh: list[Parcel], day: int, rng: Generator) -> None:
    person = theft.person
    session = book.signed_in.get(person.number, "")
    if not session:  # not at work today
        return
    for i in rng.choice(len(fresh), size=min(int(rng.poisson(theft.a_day)), len(fresh)), replace=False):
        now = rng.uniform(person.start, person.end) * 3600
        parcel = fresh[int(i)]
        look = Look(at(day, now), person, "reveal", parcel, purpose="call", exposed=True, session=session)
        book.looks.append(look)
        theft.take(parcel, look)


def _is_today(ts: int, day: int) -> bool:
    return at(day, 0) <= ts < at(day, DAY) if ts else False


def bounds(theft: Theft) -> tuple[int, int]:
    """Return the first and last instant of a theft that took something, in µs UTC."""
    if theft.looks:
        return min(look.ts for look in theft.looks), max(look.ts for look in theft.looks)
    moments = [p.printed_at if theft.kind is TheftKind.PRINT_TAP else p.shipped_at for p in theft.stolen]
    return (
        (min(moments), max(moments)) if moments else (at(theft.first_day, 0), at(theft.last_day, DAY) - MICRO)
    )
