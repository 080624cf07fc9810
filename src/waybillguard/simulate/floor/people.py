"""The people of a warehouse: clerks, customer service, leaders, temps; their stations, hours and habits."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from numpy.random import Generator

from waybillguard.simulate.floor.plan import Plan

CATEGORIES = ("dress", "shoes", "toys", "cosmetics", "snacks", "electronics", "books", "kitchen")
ERPS = ("erp-north", "erp-river", "erp-cloud")
CARRIERS = ("carrier-one", "carrier-two", "carrier-three", "carrier-four")


@dataclass
class Person:
    """One employee and their account. Hours are local and may exceed 24."""

    number: str
    account: str
    role: str
    start: float
    end: float
    station: str
    ip: str
    first_day: int
    last_day: int | None = None
    #: Mean seconds per label; people differ by a factor of three.
    pace: float = 2.0
    #: Probability that the system records the reason of a look.
    care: float = 0.9
    #: Probability of absence on any day.
    absent: float = 0.04
    free_weekday: int = 6

    def works(self, day: int, rng: Generator) -> bool:
        """Return whether the person works on a day."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return False
        return (day + 3) % 7 != self.free_weekday and rng.random() >= self.absent


@dataclass
class Shop:
    """A merchant whose parcels the warehouse ships; ``lane`` as in the order contract."""

    name: str
    category: str
    lane: str
    weight: float


@dataclass
class Floor:
    """One warehouse."""

    tenant: str
    outlet: str
    people: list[Person]
    shops: list[Shop]
    carrier: str
    erp: str
    size: float
    temps: list[Person] = field(default_factory=list)

    def of(self, *roles: str) -> Iterator[Person]:
        """Yield everyone, temps included, with one of these roles."""
        yield from (p for p in (*self.people, *self.temps) if p.role in roles)


def hire(plan: Plan, index: int, rng: Generator) -> Floor:
    """Create one warehouse. Accounts have names of jobs and some are shared; all people are invented."""
    tenant = f"floor-{index:03d}"
    scale = float(rng.lognormal(0.0, 0.45))
    size = max(2, round(plan.parcels * scale / 700))
    people: list[Person] = []
    stations = [f"{tenant}-P{i:02d}" for i in range(1, size + 2)]

    def add(role: str, account: str, start: float, hours: float, station: str) -> Person:
        number = f"{tenant}-h{len(people) + 1:03d}"
        person = Person(
            number=number,
            account=account,
            role=role,
            start=start,
            end=start + hours,
            station=station,
            ip=f"10.{index % 200}.{rng.integers(1, 5)}.{rng.integers(10, 240)}",
            first_day=plan.first_day - int(rng.integers(20, 900)),
            pace=float(rng.gamma(6.0, 0.35)),
            care=float(rng.beta(14, 1.5)),
            free_weekday=int(rng.choice([5, 6, 6, 6, 0])),
        )
        people.append(person)
        return person

    for i in range(size):
        # Every third pair of clerks shares the ERP's printing account.
        account = f"{tenant}-print" if i % 3 == 2 else f"{tenant}-clerk{i + 1}"  # noqa: PLR2004
        add("clerk", account, 8.0 + float(rng.choice([0, 0, 1, 5])), 9.0, stations[i % len(stations)])
    for i in range(max(3, size)):
        add("service", f"{tenant}-cs{i + 1}", 8.5 + 4.5 * (i % 2), 9.0, f"{tenant}-K{i + 1:02d}")
    add("leader", f"{tenant}-lead", 8.0, 10.0, stations[-1])
    add("owner", f"{tenant}-owner", 9.5, 8.0, f"{tenant}-O01")
    temps = [
        Person(
            number=f"{tenant}-t{i + 1:02d}",
            account=f"{tenant}-temp{i + 1}",
            role="temp",
            start=9.0,
            end=19.0,
            station=stations[0],
            ip=f"10.{index % 200}.9.{20 + i}",
            first_day=plan.first_day + int(rng.integers(0, max(1, plan.days - 10))),
            pace=float(rng.gamma(6.0, 0.5)),
            care=0.8,
        )
        for i in range(2)
    ]
    for temp in temps:
        temp.last_day = temp.first_day + int(rng.integers(6, 15))
    shops = [
        Shop(
            name=f"{tenant}-shop{i + 1}",
            category=str(rng.choice(CATEGORIES)),
            lane=str(rng.choice(["A", "B", "C"], p=[0.5, 0.35, 0.15])),
            weight=float(rng.pareto(1.6) + 0.2),
        )
        for i in range(int(rng.integers(4, 10)))
    ]
    return Floor(
        tenant,
        f"outlet-{index % 5}",
        people,
        shops,
        str(rng.choice(CARRIERS)),
        str(rng.choice(ERPS)),
        scale,
        temps,
    )
