"""One day's work: waves are printed, jams, calls and returns handled, with unusual but honest looks."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import Floor, Person
from waybillguard.simulate.floor.plan import DAY, MICRO, at


@dataclass(slots=True)
class Look:
    """One access event before it becomes a row; ``ts`` in µs UTC, ``parcel`` None if it names none."""

    ts: int
    person: Person
    action: str
    parcel: Parcel | None = None
    purpose: str = ""
    exposed: bool = False
    allowed: bool = True
    explained_by: str = ""
    explained_ref: int = -1
    session: int = -1
    station: str = ""
    ip: str = ""
    account: str = ""


@dataclass
class Ledger:
    """State of a warehouse: the day's looks, parcels waiting and in transit."""

    waiting: deque[Parcel] = field(default_factory=deque)
    shipped: list[Parcel] = field(default_factory=list)
    #: Parcels received today, and parcels printed today.
    received: list[Parcel] = field(default_factory=list)
    today: list[Parcel] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    refs: int = 0
    signed_in: dict[str, int] = field(default_factory=dict)

    def ref(self) -> int:
        """Return a new number for a wave, a call, a return or a list."""
        self.refs += 1
        return self.refs


def sign_in(book: Ledger, person: Person, ts: int, rng: Generator, *, station: str = "", ip: str = "") -> int:
    """Sign a person in, sometimes after a mistyped password; return the session."""
    where, source = station or person.station, ip or person.ip
    while rng.random() < 0.05:  # noqa: PLR2004
        book.looks.append(Look(ts, person, "login_failed", allowed=False, station=where, ip=source))
        ts += int(rng.gamma(3, 2.0) * MICRO)
    session = int(rng.integers(0, 2**48))
    book.looks.append(Look(ts, person, "login", session=session, station=where, ip=source))
    book.signed_in[person.number] = session
    return session


def print_waves(book: Ledger, floor: Floor, day: int, rng: Generator) -> None:
    """Print waiting orders wave by wave, into overtime if needed."""
    clerks = [p for p in floor.of("clerk", "temp") if p.works(day, rng)]
    if not clerks:
        return
    free_at: list[tuple[float, Person, str, int]] = []
    for person in clerks:
        begin = person.start * 3600 + rng.normal(0, 240)
        # On a busy day people help out at another station.
        station = person.station if rng.random() < 0.93 else f"{floor.tenant}-P{rng.integers(1, 4):02d}"  # noqa: PLR2004
        session = sign_in(book, person, at(day, begin), rng, station=station)
        free_at.append((begin + 120, person, station, session))
    done = False
    while book.waiting and not done:
        index = min(range(len(free_at)), key=lambda i: free_at[i][0])
        now, person, station, session = free_at[index]
        overtime = person.end * 3600 + (3 * 3600 if len(book.waiting) > 500 else 0)  # noqa: PLR2004
        if now > overtime:
            free_at.pop(index)
            done = not free_at
            continue
        ready = sum(1 for p in book.waiting if p.created_at <= at(day, now))
        if not ready:
            free_at[index] = (now + 600, person, station, session)
            continue
        size = min(ready, 1 + int(rng.negative_binomial(2, 0.04)))
        now = _print_wave(book, day, now, (person, station, session), size, rng)
        free_at[index] = (now + rng.gamma(2.0, 90.0), person, station, session)
    for now, person, station, session in free_at:
        if rng.random() < 0.8:  # noqa: PLR2004 - the others forget to sign out
            out = max(now, person.end * 3600)
            book.looks.append(Look(at(day, out), person, "logout", session=session, station=station))


def _print_wave(
    book: Ledger, day: int, now: float, who: tuple[Person, str, int], size: int, rng: Generator
) -> float:
    person, station, session = who
    wave = book.ref()
    printed: list[Parcel] = []
    for _ in range(size):
        parcel = book.waiting.popleft()
        now += rng.gamma(3.0, person.pace / 3)
        plain = parcel.shop.lane == "C"
        book.looks.append(
            Look(at(day, now), person, "print", parcel, exposed=plain, explained_by="print_job",
                 explained_ref=wave, session=session, station=station)
        )  # fmt: skip
        parcel.printed_at, parcel.printed_by, parcel.printed_on = at(day, now), person.account, station
        parcel.shipped_at = at(day, now + rng.gamma(2.0, 5_400))
        printed.append(parcel)
        book.shipped.append(parcel)
        book.today.append(parcel)
        if rng.random() < 1 / 900:  # a jam: the last labels are printed again
            now += rng.gamma(2.0, 120.0)
            for again in printed[-int(rng.integers(2, 14)) :]:
                now += 1.5
                book.looks.append(
                    Look(at(day, now), person, "reprint", again, purpose="jam", exposed=again.shop.lane == "C",
                         explained_by="print_job", explained_ref=wave, session=session, station=station)
                )  # fmt: skip
    return now


def answer_people(book: Ledger, floor: Floor, day: int, rng: Generator) -> None:
    """Handle calls, returns and couriers by customer service: each is a short walk over actions."""
    staff = [p for p in floor.of("service") if p.works(day, rng)]
    recent = [p for p in book.shipped if 0 < day - (p.shipped_at // MICRO) // DAY < 9]  # noqa: PLR2004
    if not staff or not recent:
        return
    sessions = {}
    for person in staff:
        begin = person.start * 3600 + rng.normal(0, 300)
        sessions[person.number] = sign_in(book, person, at(day, begin), rng)
    for _ in range(int(rng.poisson(len(recent) * 0.008))):
        person = staff[int(rng.integers(len(staff)))]
        now = (person.start + rng.beta(2, 2) * (person.end - person.start)) * 3600
        _answer(book, person, sessions[person.number], recent, (day, now), rng)
    for person in staff:
        book.looks.append(Look(at(day, person.end * 3600 + rng.gamma(2, 200)), person, "logout",
                               session=sessions[person.number]))  # fmt: skip


_NEXT = {
    "search": (("view", 0.8), ("search", 0.15), ("", 0.05)),
    "view": (("reveal", 0.22), ("search", 0.08), ("", 0.70)),
    "reveal": (("view", 0.1), ("", 0.9)),
}


def _answer(
    book: Ledger, person: Person, session: int, recent: list[Parcel], when: tuple[int, float], rng: Generator
) -> None:
    day, now = when
    parcel = recent[int(len(recent) * rng.beta(3, 1.2))]
    kind = str(rng.choice(["call", "return", "ticket"], p=[0.55, 0.25, 0.2]))
    known = rng.random() < person.care
    ref = book.ref() if known else -1
    step = "search"
    while step:
        exposed = step == "reveal"
        allowed = not exposed or rng.random() < 0.98  # noqa: PLR2004
        book.looks.append(
            Look(at(day, now), person, step, parcel, purpose=kind if exposed else "", exposed=exposed and allowed,
                 allowed=allowed, explained_by=kind if known else "", explained_ref=ref, session=session)
        )  # fmt: skip
        now += rng.lognormal(2.6, 0.9)
        names, odds = zip(*_NEXT[step], strict=True)
        step = str(rng.choice(names, p=odds))


def odd_but_honest(book: Ledger, floor: Floor, day: int, rng: Generator) -> None:
    """Add looks that resemble theft but are honest: audits, recalls, an owner at night, exports for the boss."""
    recent = book.shipped[-4_000:]
    if not recent:
        return
    owner = next(floor.of("owner"))
    leader = next(floor.of("leader"))
    if rng.random() < 0.06:  # noqa: PLR2004 - a stock-taking of orders
        _browse(
            book,
            leader,
            _some(recent, int(rng.integers(40, 180)), rng),
            (day, rng.uniform(14, 17) * 3600),
            rng,
        )
    if rng.random() < 0.05:  # noqa: PLR2004 - the owner at home in the evening
        _browse(book, owner, _some(recent, int(rng.integers(5, 40)), rng), (day, rng.uniform(20, 23.5) * 3600), rng,
                ip="172.16.0.9")  # fmt: skip
    if rng.random() < 0.02:  # noqa: PLR2004 - a recall: one shop's buyers are called
        shop = recent[-1].shop
        parcels = [p for p in recent if p.shop is shop][-120:]
        person = next(floor.of("service"))
        _browse(book, person, parcels, (day, 9.5 * 3600), rng, reason=("call", "recall"), reveal=0.8)
    if leader.works(day, rng):
        session = sign_in(book, leader, at(day, leader.start * 3600 + rng.normal(0, 500)), rng)
        for parcel in _some(recent, int(rng.poisson(3)), rng):
            now = rng.uniform(leader.start, leader.end) * 3600
            book.looks.append(Look(at(day, now), leader, "view", parcel, explained_by="pick_list",
                                   explained_ref=book.ref(), session=session))  # fmt: skip
        if rng.random() < 0.1:  # noqa: PLR2004
            book.looks.append(
                Look(at(day, 18 * 3600 + rng.normal(0, 900)), leader, "export", session=session)
            )


def _browse(
    book: Ledger, person: Person, parcels: list[Parcel], when: tuple[int, float], rng: Generator, *,
    ip: str = "", reason: tuple[str, str] = ("", ""), reveal: float = 0.0
) -> None:  # fmt: skip
    day, now = when
    session = sign_in(book, person, at(day, now), rng, ip=ip)
    kind, purpose = reason
    for parcel in parcels:
        now += rng.lognormal(2.4, 0.6)
        shown = rng.random() < reveal
        book.looks.append(
            Look(at(day, now), person, "reveal" if shown else "view", parcel, purpose=purpose if shown else "",
                 exposed=shown, explained_by=kind, explained_ref=book.ref() if kind else -1, session=session,
                 ip=ip)
        )  # fmt: skip


def _some(parcels: list[Parcel], count: int, rng: Generator) -> list[Parcel]:
    picked = rng.choice(len(parcels), size=min(count, len(parcels)), replace=False)
    return [parcels[i] for i in np.sort(picked)]
