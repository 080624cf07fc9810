"""Who is called: buyers of stolen orders, some of whom report, and some whose data left elsewhere."""

from dataclasses import dataclass

from numpy.random import Generator

from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.plan import DAY, MICRO, Plan
from waybillguard.simulate.floor.thefts import Theft


@dataclass(frozen=True, slots=True)
class Victim:
    """One report. ``theft`` is the number in the truth, or None for data that left elsewhere."""

    parcel: Parcel
    tenant: str
    contacted_at: int
    reported_at: int
    certainty: float
    theft: int | None


def reports(
    plan: Plan, thefts: list[Theft], shipped: dict[str, list[Parcel]], rng: Generator
) -> list[Victim]:
    """Return the reports that reach the police, by time of report."""
    found: list[Victim] = []
    for index, theft in enumerate(thefts):
        share = float(rng.beta(2, 9))
        taken = {look.parcel.number: look.ts for look in theft.looks if look.parcel is not None}
        for parcel in theft.stolen:
            if rng.random() < share:
                since = taken.get(parcel.number) or parcel.shipped_at
                found.append(_report(parcel, theft.floor.tenant, since, index, rng))
    every = [(tenant, p) for tenant, parcels in sorted(shipped.items()) for p in parcels]
    others = int(rng.poisson(len(found) * plan.outside / max(0.01, 1 - plan.outside))) if every else 0
    for i in rng.choice(len(every), size=min(others, len(every)), replace=False) if others else []:
        tenant, parcel = every[int(i)]
        found.append(_report(parcel, tenant, parcel.shipped_at, None, rng))
    return sorted(found, key=lambda victim: victim.reported_at)


def _report(parcel: Parcel, tenant: str, since: int, theft: int | None, rng: Generator) -> Victim:
    contacted = since + int((0.2 + rng.gamma(1.8, 1.1)) * DAY * MICRO)
    reported = contacted + int(rng.exponential(0.8) * DAY * MICRO)
    certainty = round(float(rng.beta(9, 1.5) if theft is not None else rng.beta(5, 2)), 2)
    return Victim(parcel, tenant, contacted, reported, certainty, theft)
