"""Victims: buyers of stolen orders, some of whom report, and some victims of other leaks."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.random import Generator

from waybillguard.simulate.floor.people import CATEGORIES
from waybillguard.simulate.floor.plan import DAY, MICRO
from waybillguard.simulate.model import Array, Sample, Taken, Theft, Victim

#: What a report names: the order, the waybill, or both.
_NAMES_ORDER, _NAMES_WAYBILL, _HAS_PHONE = 0.8, 0.5, 0.4


def of_theft(
    theft: Theft, taken: Mapping[str, Sequence[Taken]], places: Mapping[str, int], rng: Generator
) -> Iterator[Victim]:
    """Yield the reports caused by one theft, and complete the theft with its stolen orders."""
    share = float(rng.beta(2, 9))
    for tenant in theft.tenants:
        mine = [one for one in taken.get(tenant, ()) if one.theft == theft.id]
        if not mine:
            continue
        numbers, ts, categories = (
            np.concatenate(columns)
            for columns in zip(*((one.numbers, one.ts, one.categories) for one in mine), strict=True)
        )
        theft.first = min(theft.first, int(ts.min())) if theft.first >= 0 else int(ts.min())
        theft.last = max(theft.last, int(ts.max()))
        theft.orders += [f"{tenant}-{number}" for number in np.sort(numbers)]
        hit = rng.random(len(numbers)) < share
        yield from _reports((tenant, places[tenant]), (numbers[hit], ts[hit], categories[hit]), theft.id, rng)


def of_others(
    samples: Mapping[str, Sample], places: Mapping[str, int], count: int, rng: Generator
) -> Iterator[Victim]:
    """Yield reports of victims of other leaks: any buyer may be one."""
    tenants = [tenant for tenant, sample in samples.items() if len(sample.numbers)]
    if not tenants:
        return
    weights = np.array([samples[tenant].of for tenant in tenants], dtype=float)
    dealt = rng.multinomial(count, weights / weights.sum())
    for tenant, wanted in zip(tenants, dealt, strict=True):
        sample = samples[tenant]
        picked = rng.choice(len(sample.numbers), size=min(int(wanted), len(sample.numbers)), replace=False)
        columns = (sample.numbers[picked], sample.shipped[picked], sample.categories[picked])
        yield from _reports((tenant, places[tenant]), columns, None, rng)


def waybill(place: int, number: int) -> int:
    """Return an order's waybill number, unique in a world."""
    return (place + 1) * 10**12 + number


def _reports(
    where: tuple[str, int], columns: tuple[Array, Array, Array], theft: str | None, rng: Generator
) -> Iterator[Victim]:
    tenant, place = where
    for number, since, category in zip(*(column.tolist() for column in columns), strict=True):
        contacted = since + int((0.2 + rng.gamma(1.8, 1.1)) * DAY * MICRO)
        names_order = bool(rng.random() < _NAMES_ORDER)
        yield Victim(
            order_id=f"{tenant}-{number}",
            waybill_no=f"SIM{waybill(place, number)}",
            phone_token=rng.bytes(16).hex() if rng.random() < _HAS_PHONE else "",
            contacted_at=contacted,
            reported_at=contacted + int(rng.exponential(0.8) * DAY * MICRO),
            certainty=round(float(rng.beta(9, 1.5) if theft else rng.beta(5, 2)), 2),
            category=CATEGORIES[category],
            theft=theft,
            names_order=names_order,
            names_waybill=not names_order or bool(rng.random() < _NAMES_WAYBILL),
        )
