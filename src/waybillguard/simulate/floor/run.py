"""Run a floor world day by day and hand out its days, its tables and its truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng

from waybillguard.simulate.floor import demand, shift
from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import Floor, hire
from waybillguard.simulate.floor.plan import Plan
from waybillguard.simulate.floor.shift import Ledger, Look
from waybillguard.simulate.floor.thefts import Theft, plot, steal
from waybillguard.simulate.floor.victims import Victim, reports


@dataclass
class FloorWorld:
    """Everything a run has made. Days are handed out by ``run``; the rest is complete after its end."""

    plan: Plan
    floors: list[Floor]
    thefts: list[Theft]
    shipped: dict[str, list[Parcel]] = field(default_factory=dict)
    elsewhere: list[tuple[Floor, Parcel]] = field(default_factory=list)
    victims: list[Victim] = field(default_factory=list)


def prepare(plan: Plan) -> FloorWorld:
    """Hire everyone and plan the thefts."""
    rng = _rng(plan, 0)
    floors = [hire(plan, index + 1, rng) for index in range(plan.tenants)]
    return FloorWorld(plan, floors, plot(plan, floors, rng))


def run(world: FloorWorld) -> Iterator[tuple[str, int, list[Look]]]:
    """Yield (tenant, local day, looks by time) of every warehouse and day; complete ``world`` at the end."""
    plan = world.plan
    for index, floor in enumerate(world.floors):
        rng = _rng(plan, 1, index)
        book = Ledger()
        level = demand.levels(plan.days, rng)
        for offset in range(plan.days):
            day = plan.first_day + offset
            book.looks, book.signed_in = [], {}
            book.waiting.extend(demand.intake(plan, floor, day, float(level[offset]), rng))
            shift.print_waves(book, floor, day, rng)
            shift.answer_people(book, floor, day, rng)
            shift.odd_but_honest(book, floor, day, rng)
            for theft in world.thefts:
                if theft.floor is floor:
                    steal(theft, book, day, rng)
            yield floor.tenant, day, sorted(book.looks, key=lambda look: look.ts)
        world.shipped[floor.tenant] = book.shipped
    rng = _rng(plan, 2)
    world.elsewhere = list(_elsewhere(plan, rng))
    world.victims = reports(plan, world.thefts, world.shipped, rng)


def _elsewhere(plan: Plan, rng: Generator) -> Iterator[tuple[Floor, Parcel]]:
    """Yield shipments of warehouses without events: what common-node analysis compares with."""
    for index in range(plan.others):
        floor = hire(plan, plan.tenants + 1 + index, rng)
        for offset in range(plan.days):
            parcels = demand.intake(plan, floor, plan.first_day + offset, 1.0, rng)
            delays = rng.gamma(2.0, 20_000.0, size=len(parcels))
            for parcel, delay in zip(parcels, delays, strict=True):
                parcel.shipped_at = parcel.created_at + int(delay * 1_000_000)
                yield floor, parcel


def _rng(plan: Plan, *key: int) -> Generator:
    return default_rng(SeedSequence([plan.seed, *key, 0xF100]))


def summary(looks: list[Look]) -> dict[str, int]:
    """Return how many looks of each action there are."""
    names, counts = np.unique([look.action for look in looks], return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}
