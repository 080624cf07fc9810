"""Data of the activity pages: the heat map of a month, and totals per account and station, from counts only.

Exported events are in the count tables, the others are counted in the outbox. The tables are read first: an event
exported meanwhile is missing for a moment, but never counted twice.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Max, Q, QuerySet, Sum

from waybillguard.service.audit.export import WINDOW_US, hour_of
from waybillguard.service.audit.models import DayCount, ExportBatch, HourCount, OutboxEvent
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

LEVELS: Final = 6
MOST_LISTED: Final = 200
HOURS: Final = 24
_HANDED_ON: Final = ("print", "reprint", "export")
SHOWN_LEVELS: Final = 3
_STEADY_HOURS: Final = 72
"""An account active in this many hours of a month, and in each hour of the day, counts as a scheduled program."""
_STEADY_SPREAD: Final = 2
"""Maximum ratio of its busiest hour to its mean."""
_COUNTS: Final = {
    "events": Count("pk"),
    "shown": Count("pk", filter=Q(exposed=True)),
    "denied": Count("pk", filter=Q(allowed=False)),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one day: number of events, how many in plaintext or refused, and its colour level."""

    hour: int
    n: int
    exposed: int
    refused: int
    level: int
    shown: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One day of the month."""

    day: date
    cells: list[Cell]
    total: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A month, day by day; ``total`` is 0 when nothing happened.

    ``steady``: accounts left out because they act like a scheduled program, with their mean per hour.
    """

    rows: list[HeatRow]
    total: int
    exposed: int
    refused: int
    peak: int
    steady: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """Totals of one account or station in a period."""

    name: str
    n: int = 0
    exposed: int = 0
    refused: int = 0
    prints: int = 0
    last_day: int = 0
    actions: dict[str, int] = field(default_factory=dict)


def days_of_month(month: date) -> list[date]:
    """Return the days of the month that ``month`` lies in."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=n) for n in range((after - first).days)]


def heat_map(
    tenant: Tenant,
    month: date,
    waiting: "QuerySet[OutboxEvent] | None" = None,
    *,
    account: str = "",
    station: str = "",
) -> HeatMap:
    """Return a month by day and hour: of all, of one account, or of one station. ``waiting``: `pending`."""
    days = days_of_month(month)
    first, last = day_number(days[0], tenant), day_number(days[-1], tenant)
    who, name = ("account", account) if account else ("station", station) if station else ("all", "")
    sums: dict[tuple[int, int], list[int]] = {}
    rows = HourCount.objects.filter(tenant=tenant, who=who, name=name, day__range=(first, last))
    for day, hour, n, exposed, refused in rows.values_list("day", "hour", "n", "exposed", "refused"):
        _add(sums, (day, hour), (n, exposed, refused))
    waiting = (pending(tenant) if waiting is None else waiting).filter(day__range=(first, last))
    if account:
        waiting = waiting.filter(account=account)
    elif station:
        waiting = waiting.filter(workstation=station)
    hour_at = hour_of(tenant)
    windows = (
        waiting.annotate(window=ExpressionWrapper(F("ts") / WINDOW_US, output_field=BigIntegerField()))
        .values_list("day", "window")
        .annotate(**_COUNTS)
        .order_by()
    )
    for day, window, n, exposed, refused in windows:
        _add(sums, (day, hour_at(window * WINDOW_US)), (n, exposed, refused))
    heat = _laid_out(days, first, sums)
    steady = {} if account or station else _steady(tenant, first, last)
    if not steady:
        return heat
    regular = HourCount.objects.filter(
        tenant=tenant, who="account", name__in=steady, day__range=(first, last)
    )
    for day, hour, n, refused in regular.values_list("day", "hour", "n", "refused"):
        _add(sums, (day, hour), (-n, 0, -refused))
    return replace(
        heat,
        rows=_laid_out(days, first, sums).rows,
        peak=max((n for n, _, _ in sums.values()), default=0),
        steady=steady,
    )


def _steady(tenant: Tenant, first: int, last: int) -> dict[str, int]:
    """Return accounts that act in every hour of the day and never see plaintext, with their mean per hour."""
    rows = (
        HourCount.objects.filter(tenant=tenant, who="account", day__range=(first, last))
        .values_list("name")
        .annotate(Count("hour", distinct=True), Count("pk"), Max("n"), Sum("n"), Sum("exposed"))
        .order_by()
    )
    return {
        name: round(total / hours)
        for name, of_day, hours, most, total, exposed in rows
        if of_day == HOURS
        and hours >= _STEADY_HOURS
        and most <= _STEADY_SPREAD * total / hours
        and not exposed
    }


def lines(
    tenant: Tenant,
    first: int,
    last: int,
    waiting: "QuerySet[OutboxEvent] | None" = None,
    *,
    account: str = "",
) -> tuple[list[Line], list[Line]]:
    """Return totals of accounts and stations between two day numbers, most plaintext first.

    With ``account``, return only that account and no stations. ``waiting``: `pending`.
    """
    of = ("account",) if account else ("account", "station")
    counted = DayCount.objects.filter(tenant=tenant, who__in=of, day__range=(first, last))
    waiting = (pending(tenant) if waiting is None else waiting).filter(day__range=(first, last))
    if account:
        counted, waiting = counted.filter(name=account), waiting.filter(account=account)
    found: dict[str, dict[str, Line]] = {"account": {}, "station": {}}
    sums = {"events": Sum("n"), "shown": Sum("exposed"), "denied": Sum("refused"), "last": Max("day")}
    for who, name, *did in counted.values_list("who", "name", "action").annotate(**sums).order_by():
        _gather(found[who], name, *did)
    rows = waiting.values_list("account", "workstation", "action").annotate(**_COUNTS, last=Max("day"))
    for *names, action, n, exposed, refused, day in rows.order_by():
        for who, name in zip(of, names, strict=False):
            if name:
                _gather(found[who], name, action, n, exposed, refused, day)
    accounts, stations = (
        sorted(one.values(), key=lambda line: (-line.exposed, -line.n, line.name)) for one in found.values()
    )
    return accounts, stations


def looks_a_day(tenant: Tenant, first: int, last: int) -> dict[int, int]:
    """Return the number of plaintext looks on each day of a range; days without a look are omitted.

    Prints and exports do not count as looks: on a day of prints they would hide the few looks.
    """
    days = (first, last)
    looks = ~Q(action__in=_HANDED_ON)
    counted = DayCount.objects.filter(looks, tenant=tenant, who="all", log=0, day__range=days)
    found = dict(counted.values_list("day").annotate(Sum("exposed")).order_by())
    waiting = pending(tenant).filter(looks, day__range=days, exposed=True)
    for day, n in waiting.values_list("day").annotate(Count("pk")).order_by():
        found[day] = found.get(day, 0) + n
    return found


def has_events(tenant: Tenant) -> bool:
    """Return whether any event was ever recorded or imported."""
    return DayCount.objects.filter(tenant=tenant).exists() or pending(tenant).exists()


def pending(tenant: Tenant) -> "QuerySet[OutboxEvent]":
    """Return the events that are not yet in a written part."""
    fixed = list(
        ExportBatch.objects.filter(tenant=tenant, state=ExportBatch.State.FIXED).values_list("pk", flat=True)
    )
    waiting = Q(batch=None) | Q(batch__in=fixed) if fixed else Q(batch=None)
    return OutboxEvent.objects.filter(waiting, tenant=tenant)


def _gather(
    found: dict[str, Line], name: str, action: str, n: int, exposed: int, refused: int, last: int
) -> None:
    line = found.setdefault(name, Line(name))
    line.n += n
    line.exposed += exposed
    line.refused += refused
    line.prints += n if action in {"print", "reprint"} else 0
    line.last_day = max(line.last_day, last)
    line.actions[action] = line.actions.get(action, 0) + n


def _add(sums: dict[tuple[int, int], list[int]], key: tuple[int, int], values: tuple[int, int, int]) -> None:
    there = sums.setdefault(key, [0, 0, 0])
    for place, value in enumerate(values):
        there[place] += value


def _laid_out(days: list[date], first: int, sums: dict[tuple[int, int], list[int]]) -> HeatMap:
    peak = max((n for n, _, _ in sums.values()), default=0)
    most_shown = max((exposed for _, exposed, _ in sums.values()), default=0)
    rows = []
    for place, day in enumerate(days):
        cells = []
        for hour in range(HOURS):
            n, exposed, refused = sums.get((first + place, hour), (0, 0, 0))
            shown = _level(exposed, most_shown, SHOWN_LEVELS)
            cells.append(Cell(hour, n, exposed, refused, _level(n, peak), shown))
        rows.append(HeatRow(day, cells, sum(cell.n for cell in cells)))
    return HeatMap(
        rows,
        total=sum(row.total for row in rows),
        exposed=sum(exposed for _, exposed, _ in sums.values()),
        refused=sum(refused for _, _, refused in sums.values()),
        peak=peak,
    )


def _level(n: int, peak: int, levels: int = LEVELS) -> int:
    """Return the colour level from 0 (nothing) to ``levels``. Quiet hours stay visible beside busy ones."""
    if not n:
        return 0
    share = n / peak
    return min(levels, 1 + int(share**0.5 * (levels - 0.001)))
