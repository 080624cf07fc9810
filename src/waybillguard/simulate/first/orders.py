"""Incoming orders and the queue before the printers: what is ready, what waits, what was shipped when."""

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first.draws import Draw, lognormal, overdispersed_count, spread
from waybillguard.simulate.first.site import CARRIERS, CATEGORIES, Site
from waybillguard.simulate.model import Array

#: An order number is yymmdd followed by this many digits.
SEQUENCE: Final = 10_000_000
#: Share of a shop's goods in its main class.
_MAIN: Final = 0.85
_WINDOW: Final = 10 * calendar.MINUTE


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders as columns of one length; times in microseconds UTC, ``shipped`` -1 until printed."""

    number: Array
    created: Array
    ready: Array
    shop: Array
    category: Array
    carrier: Array

    def __len__(self) -> int:
        return len(self.number)

    def take(self, where: Array) -> Self:
        """Return the orders selected by positions or a mask."""
        return type(self)(*(getattr(self, column.name)[where] for column in fields(self)))

    @classmethod
    def join(cls, parts: list[Self]) -> Self:
        """Concatenate parts."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            *(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls))
        )


def arrivals(site: Site, day: int, draw: Draw) -> Orders:
    """Return the orders that customers place on a local day, sorted by time.

    The count is negative binomial around the day's volume; one day in twelve a live stream sells one shop's
    goods in an hour. An order is ready to print after the platform's sync and the merchant's check.
    """
    count = min(overdispersed_count(draw, site.parcels * calendar.volume(day), 40.0), SEQUENCE - 1)
    offsets = spread(draw, count, calendar.buying_hours(day), _WINDOW)
    shop = np.searchsorted(np.cumsum(site.shop_share)[:-1], draw.random(count), "right").astype(np.int16)
    if draw.random() < 1 / 12:
        streamed = min(draw.poisson(site.parcels * 0.08), SEQUENCE - 1 - count)
        shop = np.concatenate([shop, np.full(streamed, draw.integers(0, len(site.shops)), dtype=np.int16)])
        starts = draw.uniform(18, 22) * calendar.HOUR
        extra = (starts + draw.exponential(20 * calendar.MINUTE, streamed)).astype(np.int64) % calendar.DAY
        offsets = np.concatenate([offsets, extra])
        order = np.argsort(offsets, kind="stable")
        offsets, shop = offsets[order], shop[order]
    total = len(offsets)
    category = site.shop_category[shop].astype(np.int8)
    other = draw.random(total) > _MAIN
    category[other] = draw.integers(0, len(CATEGORIES), int(other.sum()))
    carrier = np.searchsorted(np.cumsum(site.carrier_share)[: len(CARRIERS) - 1], draw.random(total), "right")
    created = offsets + calendar.midnight(day)
    lag = (3 * calendar.MINUTE + lognormal(draw, 25 * calendar.MINUTE, 1.1, total)).astype(np.int64)
    return Orders(
        number=calendar.stamp(day) * SEQUENCE + 1 + np.arange(total),
        created=created,
        ready=created + lag,
        shop=shop,
        category=category,
        carrier=carrier.astype(np.int8),
    )


@dataclass(frozen=True, slots=True)
class Shipped:
    """Orders printed on one day: when, at which station (code), by which account (code) and in which job."""

    day: int
    orders: Orders
    ts: Array
    station: Array
    account: Array
    job: Array

    def __len__(self) -> int:
        return len(self.ts)


class History:
    """Orders shipped in the last days, for later looks."""

    def __init__(self, keep: int) -> None:
        self._days: dict[int, Shipped] = {}
        self._keep = keep

    def add(self, shipped: Shipped) -> None:
        """Add a day and drop days that are too old."""
        self._days[shipped.day] = shipped
        self._days.pop(shipped.day - self._keep, None)

    def day(self, day: int) -> Shipped | None:
        """Return the orders shipped on a day, or None."""
        found = self._days.get(day)
        return found if found is not None and len(found) else None

    def draw_aged(self, draw: Draw, day: int, weights: Array, mean: float) -> Orders | None:
        """Return orders by age in days since shipping: each is drawn with ``mean`` times its age's weight."""
        parts = []
        for age, weight in enumerate(weights):
            shipped = self.day(day - age)
            count = 0 if shipped is None else overdispersed_count(draw, mean * weight * len(shipped), 12.0)
            if shipped is not None and count:
                parts.append(shipped.orders.take((draw.random(count) * len(shipped)).astype(np.int64)))
        return Orders.join(parts) if parts else None
