"""One warehouse of the first generator, simulated day by day."""

from collections.abc import Iterator, Sequence

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first.desk import Desk
from waybillguard.simulate.first.draws import some, stream
from waybillguard.simulate.first.orders import SEQUENCE, History, Orders, arrivals
from waybillguard.simulate.first.plans import Plan
from waybillguard.simulate.first.printing import print_day
from waybillguard.simulate.first.site import CARRIERS, CATEGORIES, WARM_UP, Site
from waybillguard.simulate.first.thefts import Thief
from waybillguard.simulate.model import (
    ACTIONS,
    Array,
    Day,
    Ending,
    OrderColumns,
    Parameters,
    RosterRow,
    Sample,
    Taken,
)  # fmt: skip
from waybillguard.simulate.table import Rows

_SAMPLE = 4000
_LIFE, _CRIME, _LOOKS, _LAST = 1, 2, 3, 4


class FirstRun:
    """A warehouse with its thefts; see `waybillguard.simulate.model.WarehouseRun`."""

    def __init__(self, parameters: Parameters, site: Site, plans: Sequence[Plan]) -> None:
        self._parameters, self._site, self._plans = parameters, site, plans
        self._start = calendar.number(parameters.start)
        self._orders: dict[int, Orders] = {}
        self._shipped_at: dict[int, Array] = {}
        #: Orders from before the first day that an event names.
        self._named: dict[int, Array] = {}

    @property
    def tenant(self) -> str:
        """The warehouse's name."""
        return self._site.tenant

    def roster(self) -> list[RosterRow]:
        """Return the accounts and their holders."""
        return self._site.roster()

    def days(self) -> Iterator[Day]:
        """Yield the days with events, after a warm-up without events."""
        site, seed = self._site, self._parameters.seed
        history = History(WARM_UP + 2)
        words = site.words() | {"action": ACTIONS}
        numbers = {"order_id": f"{site.tenant}-", "session": "s", "explained_ref": "x"}
        waiting: Orders | None = None
        for day in range(self._start - WARM_UP, self._start + self._parameters.days):
            life = stream(seed, site.index, _LIFE, day)
            fresh = arrivals(site, day, life)
            self._orders[calendar.stamp(day)] = fresh
            self._shipped_at[calendar.stamp(day)] = np.full(len(fresh), -1, dtype=np.int64)
            if day < self._start:
                self._named[calendar.stamp(day)] = np.zeros(len(fresh), dtype=bool)
            rows = Rows()
            pending = fresh if waiting is None else Orders.join([waiting, fresh])
            shipped, waiting = print_day(site, day, pending, life, rows)
            history.add(shipped)
            self._note(shipped.orders, shipped.ts)
            if day < self._start:
                continue
            Desk(site, day, history, stream(seed, site.index, _LOOKS, day), rows).work()
            taken: list[Taken] = []
            for plan in self._plans:
                if plan.active(day):
                    crime = stream(seed, site.index, _CRIME, day, int(plan.id[1:]))
                    took = Thief(plan, site, day, history, crime, rows).act()
                    taken += [] if took is None else [took]
            events = rows.finish(site.tenant, day, calendar.midnight(day), words, numbers)
            self._mark_named(events.columns["order_id"])
            yield Day(events, taken)

    def _mark_named(self, numbers: Array) -> None:
        old = numbers[(numbers >= 0) & (numbers < calendar.stamp(self._start) * SEQUENCE)]
        stamps = old // SEQUENCE
        for stamp in np.unique(stamps):
            self._named[int(stamp)][old[stamps == stamp] % SEQUENCE - 1] = True

    def _note(self, orders: Orders, ts: Array) -> None:
        stamps = orders.number // SEQUENCE
        for stamp in np.unique(stamps):
            mine = stamps == stamp
            self._shipped_at[int(stamp)][orders.number[mine] % SEQUENCE - 1] = ts[mine]

    def ending(self) -> Ending:
        """Return the orders, and a sample of those shipped. Warm-up orders are included only if an event names them."""
        draw = stream(self._parameters.seed, self._site.index, _LAST)
        begins = calendar.midnight(self._start)
        numbers, shipped, categories = [], [], []
        for stamp, orders in self._orders.items():
            left = np.flatnonzero(self._shipped_at[stamp] >= begins)
            numbers.append(orders.number[left])
            shipped.append(self._shipped_at[stamp][left])
            categories.append(orders.category[left])
        every = np.concatenate(numbers)
        chosen = some(draw, len(every), _SAMPLE)
        sample = Sample(
            every[chosen], np.concatenate(shipped)[chosen], np.concatenate(categories)[chosen], len(every)
        )
        return Ending(self._order_columns(), sample)

    def _order_columns(self) -> Iterator[OrderColumns]:
        site = self._site
        words = {"category": CATEGORIES, "shop": site.shops, "carrier": CARRIERS, "outlet": site.outlets}
        for place, (stamp, orders) in enumerate(self._orders.items()):
            columns = {
                "number": orders.number,
                "created_at": orders.created,
                "shipped_at": self._shipped_at[stamp],
                "waybill": waybills(site.index, orders.number, place),
                "category": orders.category,
                "shop": orders.shop,
                "carrier": orders.carrier,
                "outlet": orders.carrier,
            }
            if stamp in self._named:
                columns = {name: column[self._named[stamp]] for name, column in columns.items()}
            yield OrderColumns(site.tenant, site.erp, columns, words)


def waybills(warehouse: int, numbers: Array, place: int) -> Array:
    """Return the waybill numbers of one day's orders: unique in a world, in no visible sequence.

    ``place`` counts the world's days from the first of the warm-up. A bijection on 54 bits: an odd factor and
    two shifts, on a number made of warehouse (15 bits), day (9 bits) and the day's sequence (24 bits and more).
    """
    mask = np.uint64((1 << 54) - 1)
    of_day = np.uint64(((warehouse << 9) | place) << 24)
    mixed: Array = of_day | (numbers % SEQUENCE).astype(np.uint64)
    mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) & mask
    mixed ^= mixed >> np.uint64(27)
    mixed = (mixed * np.uint64(0xD1B54A32D192ED03)) & mask
    # Eighteen digits each: a carrier's numbers have the same length.
    return np.asarray(mixed.astype(np.int64)) + 10**17
