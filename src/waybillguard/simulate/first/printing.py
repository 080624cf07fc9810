"""One day of printing: picking waves, jobs, jams with reprints, spoilt labels, and the scan before packing."""

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first import site as place
from waybillguard.simulate.first.draws import Draw, lognormal, some
from waybillguard.simulate.first.orders import Orders, Shipped
from waybillguard.simulate.first.site import Site
from waybillguard.simulate.model import PRINT, REPRINT, VIEW, Array, empty
from waybillguard.simulate.table import Rows

#: Labels per job, typical and maximum.
_JOB: Final = 55.0
_JOB_MOST: Final = 400
_SPOILT: Final = 0.006
#: Multiple of a normal day's orders from which a warehouse prints through the night.
_THROUGH_THE_NIGHT: Final = 2.4
#: Share of orders with a remark, which are therefore opened before printing.
_CHECKED: Final = 0.22


@dataclass(frozen=True, slots=True)
class Seats:
    """Who prints at each station: account and person before and after the change of shifts."""

    account: Array
    person: Array
    opens: int
    change: int

    def late(self, ts: Array) -> Array:
        """Return 1 for times after the change of shifts or before opening, else 0."""
        return ((ts >= self.change) | (ts < self.opens)).astype(np.int64)


def session_of(day: int, account: Array | int) -> Array | int:
    """Return the session number of an account on a day."""
    return (day - 18_000) * 10_000 + account


def seats(site: Site, day: int, *, sale: bool) -> Seats:
    """Return who sits at each station; the relief clerk replaces people on a day off."""
    account = np.zeros((site.printing, 2), dtype=np.int64)
    clerks = [i for i, one in enumerate(site.accounts) if one.role == "print"]
    relief = next(i for i, one in enumerate(site.accounts) if one.role == "relief")
    common = next((i for i, one in enumerate(site.accounts) if one.role == "shared"), -1)
    person = np.zeros((site.printing, 2), dtype=np.int64)
    for place_at, clerk in enumerate(clerks):
        who = clerk if site.accounts[clerk].works(day, sale) else relief
        account[place_at // 2, place_at % 2] = common if common >= 0 else who
        # The log does not identify the person behind a shared account.
        person[place_at // 2, place_at % 2] = -1 if common >= 0 else site.accounts[who].person
    opens = calendar.midnight(day) + int((site.accounts[clerks[0]].start - 1) * calendar.HOUR)
    return Seats(account, person, opens, opens + int(8.5 * calendar.HOUR))


def print_day(site: Site, day: int, pending: Orders, draw: Draw, rows: Rows) -> tuple[Shipped, Orders]:
    """Print what is ready; return what was printed, in order of printing, and what still waits.

    Orders wait for the next wave and are printed by shop in jobs; each job takes the first free station. What a station
    cannot start before the end of the day waits for the next day; on a sale day people stay.
    """
    sale = calendar.volume(day) > 1.8  # noqa: PLR2004 - a day on which everybody works
    zero = calendar.midnight(day)
    if not site.open_on(day) or not len(pending):
        return _nothing(day, pending), pending
    waves = zero + site.waves + (draw.normal(0, 8, len(site.waves)) * calendar.MINUTE).astype(np.int64)
    if sale:
        # On the greatest sale days people print the opening's orders through the night.
        night = [1, 3] if calendar.volume(day) > _THROUGH_THE_NIGHT else []
        waves = np.append(waves, zero + np.array([20, 22, *night]) * calendar.HOUR)
    waves.sort()
    wave = np.searchsorted(waves, pending.ready)
    due = np.lexsort((pending.shop, wave))
    due = due[: np.searchsorted(wave[due], len(waves))]
    if not len(due):
        return _nothing(day, pending), pending
    ends = _jobs(draw, wave[due])
    begins = np.concatenate([[0], ends[:-1]])
    latest = zero + int((23.6 if sale else 22.2) * calendar.HOUR)
    start, station, pace = _queue(site, draw, waves[wave[due][begins]], ends - begins, latest)
    done = int(np.searchsorted(-start, 0, "right")) if (start < 0).any() else len(start)
    started = start >= 0
    sizes = (ends - begins)[started]
    kept = np.repeat(started, ends - begins)
    if not done or not kept.any():
        return _nothing(day, pending), pending
    printed = pending.take(due[kept])
    place_in_job = np.arange(len(printed)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rhythm = np.repeat(pace[started], sizes)
    ts = np.repeat(start[started], sizes) + (
        rhythm * (place_in_job + 0.25 * draw.random(len(printed)))
    ).astype(np.int64)
    ts = np.minimum(ts, zero + calendar.DAY - calendar.SECOND)
    at = np.repeat(station[started], sizes).astype(np.int16)
    job = day * 100_000 + np.repeat(np.arange(len(sizes)), sizes)
    who = seats(site, day, sale=sale)
    late = who.late(ts)
    shipped = Shipped(day, printed, ts, at, who.account[at, late].astype(np.int16), job)
    waits = np.ones(len(pending), dtype=bool)
    waits[due[kept]] = False
    rest = pending.take(waits)
    _log_prints(site, shipped, who, draw, rows)
    if site.verifies:
        _verify(site, day, shipped, draw, rows, sale=sale)
    return shipped, rest


def _nothing(day: int, pending: Orders) -> Shipped:
    none = pending.take(empty())
    return Shipped(day, none, empty(), empty("int16"), empty("int16"), empty())


def _jobs(draw: Draw, wave: Array) -> Array:
    """Return the ends of jobs: heavy-tailed sizes, and no job spans two waves."""
    total = len(wave)
    sizes = np.clip(lognormal(draw, _JOB, 0.8, 8 + total // 10), 1, _JOB_MOST).astype(np.int64)
    cuts = np.cumsum(sizes)
    edges = np.flatnonzero(np.diff(wave)) + 1
    return np.unique(np.concatenate([cuts[cuts < total], edges, [total]]))


def _queue(
    site: Site, draw: Draw, wave_start: Array, sizes: Array, latest: int
) -> tuple[Array, Array, Array]:
    """Assign each job to the first free station; a job that cannot start in time has start -1."""
    jobs = len(sizes)
    pace = lognormal(draw, 1.15 * calendar.SECOND, 0.18, jobs)
    setup = lognormal(draw, 35 * calendar.SECOND, 0.9, jobs)
    start = np.full(jobs, -1, dtype=np.int64)
    station = np.zeros(jobs, dtype=np.int64)
    free = [(0.0, number) for number in range(site.printing)]
    for job, (opens, lasts, pause) in enumerate(
        zip(wave_start.tolist(), (pace * sizes).tolist(), setup.tolist(), strict=True)
    ):
        when, number = free[0]
        begins = max(when, opens) + pause
        if begins > latest:
            break
        heapq.heapreplace(free, (begins + lasts, number))
        start[job], station[job] = int(begins), number
    return start, station, pace


def _log_prints(site: Site, shipped: Shipped, who: Seats, draw: Draw, rows: Rows) -> None:
    def log(ts: Array, which: Array, action: int, purpose: int = -1) -> None:
        orders = shipped.orders
        station = shipped.station[which]
        late = who.late(ts)
        account = who.account[station, late]
        rows.add(
            ts,
            account=account,
            workstation=station,
            ip=station,
            device=station,
            session=session_of(shipped.day, account),
            action=action,
            order_id=orders.number[which],
            purpose=purpose,
            exposed=False if action == VIEW else site.shop_lane[orders.shop[which]] == place.LANE_C,
            person=who.person[station, late],
            explained_by=place.PRINT_JOB,
            explained_ref=shipped.job[which],
            category=orders.category[which],
            order_created_at=orders.created[which],
        )

    everything = np.arange(len(shipped))
    log(shipped.ts, everything, PRINT)
    # Orders with a remark are opened, masked, before they are printed.
    checked = some(draw, len(shipped), draw.binomial(len(shipped), _CHECKED))
    before = shipped.ts[checked] - (draw.uniform(2, 25, len(checked)) * calendar.MINUTE).astype(np.int64)
    log(np.maximum(before, shipped.orders.ready[checked]), checked, VIEW)
    end = calendar.midnight(shipped.day) + calendar.DAY - calendar.SECOND
    spoilt = some(draw, len(shipped), draw.binomial(len(shipped), _SPOILT))
    later = lognormal(draw, 25 * calendar.MINUTE, 1.0, len(spoilt)).astype(np.int64)
    log(np.minimum(shipped.ts[spoilt] + later, end), spoilt, REPRINT, place.DAMAGED)
    for station in range(site.printing):
        mine = everything[shipped.station == station]
        for _ in range(draw.poisson(0.08 + len(mine) / 3500) if len(mine) else 0):
            jam = int(draw.integers(0, len(mine)))
            ruined = int(np.clip(lognormal(draw, 18, 0.8, 1)[0], 1, 80))
            again = mine[max(0, jam - ruined) : jam + 1]
            pause = (draw.uniform(1, 9) * calendar.MINUTE) + np.arange(len(again)) * 1.2 * calendar.SECOND
            log(np.minimum(shipped.ts[mine[jam]] + pause.astype(np.int64), end), again, REPRINT, place.JAM)


def _verify(site: Site, day: int, shipped: Shipped, draw: Draw, rows: Rows, *, sale: bool) -> None:
    """Scan every parcel before packing: a masked look explained by the pick list."""
    packers = np.asarray(site.of_role("pack", day, sale=sale) + site.of_role("temp", day, sale=sale))
    if not len(packers):
        return
    zero = calendar.midnight(day)
    close = np.maximum(shipped.ts + calendar.MINUTE, zero + 22 * calendar.HOUR)
    wait = np.minimum(lognormal(draw, 40 * calendar.MINUTE, 0.7, len(shipped)), close - shipped.ts)
    ts = np.minimum(shipped.ts + wait.astype(np.int64), zero + calendar.DAY - calendar.SECOND)
    # One packer takes all parcels of a job, which arrive on one trolley.
    lot = (shipped.job - shipped.job[0]) * 7 + shipped.station
    account = packers[lot % len(packers)]
    desks = np.array([one.station for one in site.accounts])
    persons = np.array([one.person for one in site.accounts])
    rows.add(
        ts,
        account=account,
        workstation=desks[account],
        ip=desks[account],
        device=desks[account],
        session=session_of(day, account),
        action=VIEW,
        order_id=shipped.orders.number,
        person=persons[account],
        explained_by=place.PICK_LIST,
        explained_ref=shipped.job,
        category=shipped.orders.category,
        order_created_at=shipped.orders.created,
    )
