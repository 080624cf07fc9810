"""One day of a theft: its events, if any, and the stolen orders."""

from typing import Final

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first import site as place
from waybillguard.simulate.first.draws import Draw, lognormal, some
from waybillguard.simulate.first.orders import History, Orders, Shipped
from waybillguard.simulate.first.plans import Plan
from waybillguard.simulate.first.printing import session_of
from waybillguard.simulate.first.site import Site
from waybillguard.simulate.model import (
    EXPORT,
    LOGIN,
    LOGOUT,
    REPRINT,
    REVEAL,
    SEARCH,
    UNSEEN,
    Array,
    Taken,
)  # fmt: skip
from waybillguard.simulate.table import Rows

#: A thief's session, in addition to the account's own on the same day.
_OTHER_SESSION: Final = 5_000
#: Share of the days in their window on which thieves act; they always act on the first and the last.
_MOST_NIGHTS: Final = 0.6
_SOME_NIGHTS: Final = 0.3
#: Share of hidden looks in the lunch hour, and share that are reprints to a file.
_AT_LUNCH: Final = 0.6
_REPRINTED: Final = 0.3


class Thief:
    """One theft on one day in one warehouse."""

    def __init__(self, plan: Plan, site: Site, day: int, history: History, draw: Draw, rows: Rows) -> None:
        self._plan, self._site, self._day, self._history, self._draw = plan, site, day, history, draw
        self._rows = rows
        self._zero = calendar.midnight(day)

    def act(self) -> Taken | None:
        """Steal the plan's orders of this day; None on a day without theft."""
        if self._plan.kind in UNSEEN:
            return self._unseen()
        draw, plan = self._draw, self._plan
        edge = self._day in {plan.first, plan.last}
        hall = self._site
        taken: Taken | None = None
        match plan.kind:
            case "night_remote" if edge or draw.random() < _MOST_NIGHTS:
                action = EXPORT if int(plan.id[1:]) % 2 else REVEAL
                pace = 0.05 if action == EXPORT else 2.2
                many = lognormal(draw, 240, 0.5, 1)[0]
                taken = self._run(draw.uniform(0.8, 3.5), many, action, pace, yesterday=True)
            case "hidden_remote" if edge or hall.open_on(self._day):
                taken = self._hide()
            case "leaver" if edge or draw.random() < _SOME_NIGHTS:
                taken = self._run(draw.uniform(19, 23), lognormal(draw, 420, 0.6, 1)[0], EXPORT, 0.05)
            case "temp":
                taken = self._bursts(lognormal(draw, 280, 0.4, 1)[0], 11, 20)
            case "slow_clerk" if hall.accounts[plan.account].works(self._day, sale=False):
                account = hall.accounts[plan.account]
                taken = self._scattered(int(draw.integers(5, 16)), account.start + 0.4, account.end - 0.4)
            case "shared_password" if edge or draw.random() < _MOST_NIGHTS:
                taken = self._bursts(lognormal(draw, 70, 0.5, 1)[0], 10, 20)
        return taken

    def _candidates(self, before: float, *, yesterday: bool = False) -> Orders | None:
        """Return wanted orders that exist by then, the newest days first."""
        parts = []
        for age in range(1 if yesterday else 0, self._plan.recent + 1):
            shipped = self._history.day(self._day - age)
            if shipped is None:
                continue
            good = shipped.orders.created < before - calendar.MINUTE
            if self._plan.categories:
                good &= np.isin(shipped.orders.category, self._plan.categories)
            if good.any():
                parts.append(shipped.orders.take(good))
        return Orders.join(parts) if parts else None

    def _choose(self, count: float, before: float, *, yesterday: bool = False) -> Orders | None:
        found = self._candidates(before, yesterday=yesterday)
        return None if found is None else found.take(some(self._draw, len(found), max(1, int(count))))

    def _columns(self, *, yesterday: bool = False) -> dict[str, Array | int | bool]:
        plan, site = self._plan, self._site
        local = plan.station >= 0
        own = site.accounts[plan.account]
        # Remote control uses the session left open; an intruder from outside opens a new one.
        session = int(session_of(self._day - yesterday, plan.account)) + (0 if local else _OTHER_SESSION)
        return {
            "account": plan.account,
            "workstation": plan.station,
            "device": plan.station,
            "ip": plan.station if local else plan.ip,
            "session": session,
            "person": own.person,
        }

    def _looks(self, ts: Array, orders: Orders, action: Array | int, **more: Array | int | bool) -> Taken:
        ts = np.minimum(ts.astype(np.int64), self._zero + calendar.DAY - calendar.SECOND)
        self._rows.add(
            ts, action=action, order_id=orders.number, exposed=True, category=orders.category,
            order_created_at=orders.created, **more,
        )  # fmt: skip
        return Taken(self._plan.id, orders.number, ts, orders.category, orders.created)

    def _run(
        self, hour: float, count: float, action: int, pace: float, *, yesterday: bool = False
    ) -> Taken | None:
        """One sitting: some searches, then order after order at the pace of a program or a person."""
        begins = self._zero + hour * calendar.HOUR
        orders = self._choose(count, begins, yesterday=yesterday)
        if orders is None:
            return None
        columns = self._columns(yesterday=yesterday)
        self._enter(begins, columns)
        gaps = self._draw.exponential(pace * calendar.SECOND, len(orders)) + pace * calendar.SECOND * 0.2
        return self._looks(begins + np.cumsum(gaps), orders, action, **columns)

    def _enter(self, begins: float, columns: dict[str, Array | int | bool]) -> None:
        draw = self._draw
        if self._plan.station < 0:
            self._rows.add(np.array([begins - 3 * calendar.MINUTE], dtype=np.int64), action=LOGIN, **columns)
        searches = int(draw.integers(1, 4))
        early = np.sort(draw.uniform(5, 120, searches))[::-1] * calendar.SECOND
        self._rows.add((begins - early).astype(np.int64), action=SEARCH, **columns)

    def _bursts(self, count: float, opens: float, closes: float) -> Taken | None:
        """Several sittings between other work, each of some dozen orders."""
        draw = self._draw
        orders = self._choose(count, self._zero + opens * calendar.HOUR)
        if orders is None:
            return None
        columns = self._columns()
        starts = np.sort(draw.uniform(opens, closes, 1 + len(orders) // 40)) * calendar.HOUR + self._zero
        which = np.sort(draw.integers(0, len(starts), len(orders)))
        place_in = np.arange(len(orders)) - np.searchsorted(which, which)
        ts = starts[which] + place_in * draw.uniform(2.5, 7) * calendar.SECOND
        self._enter(float(starts[0]), columns)
        orders = orders.take(draw.permutation(len(orders)))
        taken = self._looks(ts, orders, REVEAL, purpose=place.COURIER, **columns)
        if self._plan.station < 0:
            self._rows.add(np.array([ts[-1] + calendar.MINUTE], dtype=np.int64), action=LOGOUT, **columns)
        return taken

    def _hide(self) -> Taken | None:
        """Hide looks among the clerk's own work, mostly at lunch: reveals, and reprints to a file."""
        draw = self._draw
        orders = self._choose(lognormal(draw, 45, 0.4, 1)[0], self._zero + 10 * calendar.HOUR)
        if orders is None:
            return None
        count = len(orders)
        hours = np.where(
            draw.random(count) < _AT_LUNCH, draw.uniform(11.8, 13.3, count), draw.uniform(10, 17, count)
        )
        ts = self._zero + np.sort(hours) * calendar.HOUR
        reprints = draw.random(count) < _REPRINTED
        return self._looks(
            ts, orders.take(draw.permutation(count)), np.where(reprints, REPRINT, REVEAL),
            purpose=np.where(reprints, place.JAM, place.OTHER), **self._columns(),
        )  # fmt: skip

    def _scattered(self, count: int, opens: float, closes: float) -> Taken | None:
        """Look at a few more orders than the work needs, every day."""
        orders = self._choose(count, self._zero + opens * calendar.HOUR)
        if orders is None:
            return None
        ts = self._zero + np.sort(self._draw.uniform(opens, closes, len(orders))) * calendar.HOUR
        orders = orders.take(self._draw.permutation(len(orders)))
        return self._looks(ts, orders, REVEAL, purpose=place.AFTER_SALE, **self._columns())

    def _unseen(self) -> Taken | None:
        """Steal without events. A label of lane B has nothing to steal."""
        shipped = self._history.day(self._day)
        if shipped is None:
            return None
        plan, draw = self._plan, self._draw
        plain = self._site.shop_lane[shipped.orders.shop] != place.LANE_B
        match plan.kind:
            case "print_tap":
                good = plain & (shipped.station == plan.station) & self._tapped(shipped)
                return self._took(shipped, np.flatnonzero(good), shipped.ts)
            case "label_photographer":
                good = (
                    plain
                    & (shipped.orders.carrier == plan.carrier)
                    & (draw.random(len(shipped)) < plan.share)
                )
            case "shop_leak":
                good = (shipped.orders.shop == plan.shop) & (draw.random(len(shipped)) < plan.share + 0.2)
            case _:
                good = draw.random(len(shipped)) < plan.share
        evening = self._zero + int(draw.uniform(17, 23) * calendar.HOUR)
        return self._took(shipped, np.flatnonzero(good)[:1500], np.maximum(shipped.ts, evening))

    def _tapped(self, shipped: Shipped) -> Array:
        """Return which labels were tapped: installed at noon of the first day, removed at five on the last."""
        begins = calendar.midnight(self._plan.first) + 12 * calendar.HOUR
        ends = calendar.midnight(self._plan.last) + 17 * calendar.HOUR
        return (shipped.ts >= begins) & (shipped.ts < ends)

    def _took(self, shipped: Shipped, which: Array, ts: Array) -> Taken | None:
        if not len(which):
            return None
        orders = shipped.orders.take(which)
        return Taken(self._plan.id, orders.number, ts[which], orders.category, orders.created)
