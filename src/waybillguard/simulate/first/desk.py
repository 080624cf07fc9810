"""Desk work: customer service, courier calls, returns, exports, sign-ins, and unexplained looks."""

from typing import Final

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first import site as place
from waybillguard.simulate.first.draws import Draw, lognormal, overdispersed_count, pareto_size, some, spread
from waybillguard.simulate.first.orders import History, Orders
from waybillguard.simulate.first.printing import session_of
from waybillguard.simulate.first.site import Site
from waybillguard.simulate.model import (
    EXPORT,
    IMPORT,
    LOGIN,
    LOGIN_FAILED,
    LOGOUT,
    REVEAL,
    SEARCH,
    VIEW,
    Array,
)  # fmt: skip
from waybillguard.simulate.table import Rows

#: Days after shipping at which people ask, call and send back; shares of all who ever do.
_ASKS: Final = np.array([0.06, 0.14, 0.2, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03])
_CALLS: Final = np.array([0.0, 0.3, 0.4, 0.2, 0.1])
_RETURNS: Final = np.array([0, 0, 0, 0.03, 0.08, 0.13, 0.16, 0.16, 0.14, 0.12, 0.1, 0.08])
_ASK_RATE: Final = 0.022
_CALL_RATE: Final = 0.0035
_RETURN_RATE: Final = 0.06
_REVEALED: Final = 0.35
_DENIED: Final = 0.015
_UNEXPLAINED: Final = 0.03
_SERVICE_HOURS: Final = np.repeat(
    np.array([0] * 8 + [2, 6, 8, 7, 4, 5, 7, 7, 6, 5, 4, 4, 5, 4, 1, 0], dtype=float), 6
)  # fmt: skip


class Desk:
    """One day of desk work in one warehouse; adds rows for looks at orders in the history."""

    def __init__(self, site: Site, day: int, history: History, draw: Draw, rows: Rows) -> None:
        self._site, self._day, self._history, self._draw, self._rows = site, day, history, draw, rows
        self._zero = calendar.midnight(day)
        self._sale = calendar.volume(day) > 1.8  # noqa: PLR2004 - a day on which everybody works
        self._desks = np.array([one.station for one in site.accounts])
        self._persons = np.array([one.person for one in site.accounts])

    def work(self) -> None:
        """Add all desk work of this day."""
        self._sign_ins()
        self._imports()
        self._tickets()
        self._courier_calls()
        self._returns()
        self._exports()
        self._manager_at_home()
        self._newcomers()

    def _look(
        self, ts: Array, account: Array, action: int, orders: Orders | None, **more: Array | int | bool
    ) -> None:
        station = self._desks[account]
        columns: dict[str, Array | int | bool] = {
            "account": account,
            "workstation": station,
            "ip": station,
            "device": station,
            "session": session_of(self._day, account),
            "person": self._persons[account],
            "action": action,
        }
        if orders is not None:
            columns |= {
                "order_id": orders.number, "category": orders.category, "order_created_at": orders.created,
            }  # fmt: skip
        last = self._zero + calendar.DAY - calendar.SECOND
        self._rows.add(np.minimum(ts.astype(np.int64), last), **(columns | more))

    def _reveal(
        self, ts: Array, account: Array, orders: Orders, purpose: Array, why: int, ref: Array
    ) -> None:
        refused = self._draw.random(len(ts)) < _DENIED
        known = self._draw.random(len(ts)) >= _UNEXPLAINED
        self._look(
            ts, account, REVEAL, orders, purpose=purpose, exposed=~refused, allowed=~refused,
            explained_by=np.where(known, why, -1), explained_ref=np.where(known, ref, -1),
        )  # fmt: skip

    def _clerks(self, role: str, ts: Array) -> Array:
        """Return who takes each call: people on shift, weighted by speed."""
        names = np.asarray(self._site.of_role(role, self._day, sale=self._sale), dtype=np.int64)
        if not len(names):
            names = np.asarray(self._site.of_role("manager", self._day, sale=True), dtype=np.int64)
        hours = (ts - self._zero) / calendar.HOUR
        accounts = [self._site.accounts[name] for name in names]
        start = np.array([one.start for one in accounts])
        end = np.array([one.end for one in accounts])
        weight = np.array([one.weight for one in accounts])
        chances = weight * ((hours[:, None] >= start) & (hours[:, None] < end))
        # Outside every shift the first of the list stays on.
        chances[chances.sum(axis=1) == 0, 0] = 1.0
        bounds = np.cumsum(chances, axis=1)
        chosen = (self._draw.random(len(ts))[:, None] * bounds[:, -1:] > bounds).sum(axis=1)
        return names[np.minimum(chosen, len(names) - 1)]

    def _tickets(self) -> None:
        """Add customer enquiries: searches, a masked look, often the plaintext, sometimes another look later."""
        draw = self._draw
        asked = self._history.draw_aged(draw, self._day, _ASKS, _ASK_RATE)
        if asked is None:
            return
        asked = asked.take(draw.permutation(len(asked)))
        shares = _SERVICE_HOURS / _SERVICE_HOURS.sum()
        ts = self._zero + spread(draw, len(asked), shares, 10 * calendar.MINUTE)
        # Orders not yet placed are skipped; their enquiries would come the next day.
        exists = ts > asked.created + 5 * calendar.MINUTE
        asked, ts = asked.take(exists), ts[exists]
        count = len(asked)
        account = self._clerks("service", ts)
        ticket = self._day * 100_000 + np.arange(count)
        searches = np.minimum(draw.geometric(0.6, count), 6)
        each = np.repeat(np.arange(count), searches)
        pause = draw.exponential(15 * calendar.SECOND, len(each))
        self._look(ts[each] - pause.astype(np.int64), account[each], SEARCH, None)
        seen = ts + (draw.exponential(20, count) * calendar.SECOND).astype(np.int64)
        self._look(seen, account, VIEW, asked, explained_by=place.TICKET, explained_ref=ticket)
        opened = np.flatnonzero(draw.random(count) < _REVEALED)
        purpose = draw.choice(
            [place.AFTER_SALE, place.NEW_ADDRESS, place.WHERE_IS_IT], len(opened), p=[0.5, 0.2, 0.3]
        )
        when = seen[opened] + (draw.exponential(40, len(opened)) * calendar.SECOND).astype(np.int64)
        self._reveal(when, account[opened], asked.take(opened), purpose, place.TICKET, ticket[opened])
        again = np.flatnonzero(draw.random(count) < 0.15)  # noqa: PLR2004 - share that asks twice a day
        back = seen[again] + (draw.exponential(2, len(again)) * calendar.HOUR).astype(np.int64)
        self._look(
            back,
            account[again],
            VIEW,
            asked.take(again),
            explained_by=place.TICKET,
            explained_ref=ticket[again],
        )

    def _courier_calls(self) -> None:
        """Add courier calls in clusters: on a bad morning, one outlet asks for forty addresses in half an hour."""
        draw = self._draw
        wanted = self._history.draw_aged(draw, self._day, _CALLS, _CALL_RATE)
        if wanted is None:
            return
        wanted = wanted.take(np.argsort(wanted.carrier, kind="stable"))
        ts = np.empty(len(wanted), dtype=np.int64)
        at = 0
        while at < len(wanted):
            size = min(pareto_size(draw, 1.2, 40), len(wanted) - at)
            begins = self._zero + draw.uniform(9, 19) * calendar.HOUR
            ts[at : at + size] = begins + np.cumsum(draw.exponential(75 * calendar.SECOND, size))
            at += size
        account = self._clerks("service", ts)
        ref = self._day * 100_000 + np.arange(len(ts))
        self._look(ts - 20 * calendar.SECOND, account, SEARCH, None)
        self._reveal(ts, account, wanted, np.full(len(ts), place.COURIER), place.CALL, ref)

    def _returns(self) -> None:
        """Add returns, which arrive by the van load and are looked up one after the other."""
        draw = self._draw
        back = self._history.draw_aged(draw, self._day, _RETURNS, _RETURN_RATE)
        if back is None or not self._site.open_on(self._day):
            return
        back = back.take(draw.permutation(len(back)))
        account = np.full(
            len(back), next(i for i, a in enumerate(self._site.accounts) if a.role == "returns")
        )
        van = np.sort(draw.integers(0, 3, len(back)))
        starts = self._zero + np.sort(draw.uniform(9.2, 16.5, 3)) * calendar.HOUR
        place_in_van = np.arange(len(back)) - np.searchsorted(van, van)
        ts = (starts[van] + place_in_van * draw.uniform(14, 30) * calendar.SECOND).astype(np.int64)
        ref = self._day * 100_000 + np.arange(len(back))
        self._look(ts, account, SEARCH, back, explained_by=place.RETURNED, explained_ref=ref)
        self._look(
            ts + 4 * calendar.SECOND, account, VIEW, back, explained_by=place.RETURNED, explained_ref=ref
        )
        few = some(draw, len(back), draw.binomial(len(back), 0.06))
        self._reveal(
            ts[few] + 9 * calendar.SECOND, account[few], back.take(few), np.full(len(few), place.RETURN),
            place.RETURNED, ref[few],
        )  # fmt: skip

    def _exports(self) -> None:
        """Export part of one day for a merchant's reconciliation, once or twice a week."""
        shipped = self._history.day(self._day - 1)
        if shipped is None or self._draw.random() > 0.2:  # noqa: PLR2004 - about three in two weeks
            return
        shop = int(self._draw.integers(0, len(self._site.shops)))
        chosen = np.flatnonzero(shipped.orders.shop == shop)[:800]
        if not len(chosen):
            return
        account = np.full(len(chosen), self._site.of_role("manager", self._day, sale=True)[0])
        begins = self._zero + int(self._draw.uniform(9.5, 17.5) * calendar.HOUR)
        ts = begins + np.arange(len(chosen)) * 2_000
        self._look(ts, account, EXPORT, shipped.orders.take(chosen), purpose=place.RECONCILE, exposed=True)

    def _manager_at_home(self) -> None:
        """Add a manager's looks from home: odd hours and addresses, but innocent."""
        draw = self._draw
        sleepless = draw.random() < 0.15  # noqa: PLR2004 - of those evenings
        shipped = self._history.day(self._day - sleepless) or self._history.day(self._day - 1)
        if shipped is None or draw.random() > 0.12:  # noqa: PLR2004 - an evening a week
            return
        looks = int(min(60, lognormal(draw, 6, 1.0, 1)[0] + 1))
        orders = shipped.orders.take((draw.random(looks) * len(shipped)).astype(np.int64))
        begins = (
            self._zero + (draw.uniform(0.2, 2.5) if sleepless else draw.uniform(20.5, 23.3)) * calendar.HOUR
        )
        orders = orders.take(orders.created < begins)
        looks = len(orders)
        account = np.full(looks, self._site.of_role("manager", self._day, sale=True)[0])
        ts = begins + np.cumsum(draw.exponential(25 * calendar.SECOND, looks))
        home: dict[str, int] = {"workstation": -1, "device": -1, "ip": len(self._site.stations)}
        self._look(ts[:1] - calendar.MINUTE, account[:1], LOGIN, None, **home)
        self._look(ts, account, VIEW, orders, **home)
        few = some(draw, looks, draw.binomial(looks, 0.1))
        self._look(
            ts[few] + 3 * calendar.SECOND,
            account[few],
            REVEAL,
            orders.take(few),
            purpose=place.OTHER,
            exposed=True,
            **home,
        )

    def _newcomers(self) -> None:
        """Add looks of newcomers, who open unneeded orders in their first three days."""
        shipped = self._history.day(self._day - 1)
        if shipped is None:
            return
        for name, account in enumerate(self._site.accounts):
            if account.role not in {"service", "pack"} or not 0 <= self._day - account.since < 3:  # noqa: PLR2004
                continue
            looks = int(min(300, lognormal(self._draw, 45, 0.6, 1)[0]))
            orders = shipped.orders.take((self._draw.random(looks) * len(shipped)).astype(np.int64))
            hours = self._draw.uniform(account.start + 0.3, account.end - 0.3, looks)
            ts = self._zero + np.sort(hours) * calendar.HOUR
            self._look(ts, np.full(looks, name), VIEW, orders, purpose=place.TRAINING)

    def _imports(self) -> None:
        """Fetch orders from the platforms every half hour. These events name no order, so they are not looks."""
        ts = (
            self._zero
            + np.arange(48) * 30 * calendar.MINUTE
            + self._draw.integers(0, 40 * calendar.SECOND, 48)
        )
        self._look(ts, np.zeros(48, dtype=np.int64), IMPORT, None, session=-1)

    def _sign_ins(self) -> None:
        """Add sign-ins around the beginning of a shift, with mistyped passwords and forgotten sign-outs."""
        draw = self._draw
        if not self._site.open_on(self._day):
            return
        here = [
            i
            for i, one in enumerate(self._site.accounts)
            if one.role != "system" and one.works(self._day, self._sale)
        ]
        who = np.asarray(here, dtype=np.int64)
        start = np.array([self._site.accounts[i].start for i in here])
        end = np.array([self._site.accounts[i].end for i in here])
        ts = self._zero + start * calendar.HOUR + draw.normal(-3, 7, len(who)) * calendar.MINUTE
        wrong = np.flatnonzero(draw.random(len(who)) < 0.05)  # noqa: PLR2004
        tries = np.repeat(wrong, np.minimum(draw.geometric(0.6, len(wrong)), 5))
        early = draw.uniform(5, 40, len(tries)) * calendar.SECOND
        self._look(ts[tries] - early, who[tries], LOGIN_FAILED, None, allowed=False, session=-1)
        self._look(ts, who, LOGIN, None)
        lunch = np.flatnonzero(draw.random(len(who)) < 0.3)  # noqa: PLR2004
        self._look(
            ts[lunch] + 4.2 * calendar.HOUR + overdispersed_count(draw, 20, 3) * calendar.MINUTE,
            who[lunch],
            LOGIN,
            None,
        )
        out = np.flatnonzero(draw.random(len(who)) < 0.75)  # noqa: PLR2004
        left = self._zero + end[out] * calendar.HOUR + draw.exponential(12, len(out)) * calendar.MINUTE
        self._look(left, who[out], LOGOUT, None)
