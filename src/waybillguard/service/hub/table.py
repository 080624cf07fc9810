"""The overview of the town: common gaps, ranked warehouses, districts as tiles, changes since last month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any, Final

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from waybillguard.inspect.cases import GapRow, Summary, WarehouseRow, gap_table, ranking
from waybillguard.service.hub.models import MonthEnd, Warehouse
from waybillguard.service.tenancy.models import Tenant

_TILE: Final = 120
_MANY: Final = 0.5
_NOTHING: Final = "{}"


@dataclass(frozen=True, slots=True)
class Line:
    """A warehouse in the ranking: its row in the table, and the hub's own data about it."""

    pk: int
    district: str
    reported_at: Any
    row: WarehouseRow


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the map; ``tone`` depends on the share of its warehouses that have a gap."""

    name: str
    x: int
    y: int
    warehouses: int
    failing: int
    tone: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The data of the town's page. ``silent``: warehouses that never reported."""

    gaps: tuple[GapRow, ...]
    lines: tuple[Line, ...]
    tiles: tuple[Tile, ...]
    width: int
    height: int
    silent: int


def overview(tenant: Tenant, today: date) -> Overview:
    """Read the overview in two queries; the summaries were computed when the reports arrived."""
    # Read JSON as text: decoding it straight into a Summary takes a fifth of the time of going through dictionaries.
    raw = Cast("summary", TextField())
    rows = list(
        Warehouse.objects.filter(tenant=tenant).values_list("pk", "name", "district", "reported_at", raw)
    )
    known = {name: (pk, district, at) for pk, name, district, at, _ in rows}
    summaries = [_summary(name, kept) for _, name, _, _, kept in rows if kept != _NOTHING]
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    earlier = MonthEnd.objects.filter(tenant=tenant, month=month).values_list("warehouse__name", raw)
    before = [_summary(name, kept) for name, kept in earlier]
    lines = tuple(Line(*known[row.warehouse], row) for row in ranking(summaries, before))
    tiles, width, height = _tiles(rows, summaries)
    return Overview(gap_table(summaries, before), lines, tiles, width, height, len(rows) - len(summaries))


def _summary(name: str, kept: str) -> Summary:
    found = msgspec.json.decode(kept, type=Summary)
    return found if found.warehouse == name else msgspec.structs.replace(found, warehouse=name)


def _tiles(rows: list[Any], summaries: list[Summary]) -> tuple[tuple[Tile, ...], int, int]:
    """Lay the districts out as a near-square of tiles, in the order of their names."""
    failing = {one.warehouse for one in summaries if "failing" in one.gaps.values()}
    known = {one.warehouse for one in summaries}
    members: dict[str, list[str]] = defaultdict(list)
    for _, name, district, _, _ in rows:
        members[district].append(name)
    columns = max(1, ceil(sqrt(len(members))))
    tiles = []
    for at, (district, names) in enumerate(sorted(members.items())):
        bad = sum(name in failing for name in names)
        share = bad / len(names)
        tone = "none" if not known & set(names) else "good" if not bad else "warn" if share < _MANY else "bad"
        tiles.append(Tile(district, at % columns * _TILE, at // columns * _TILE, len(names), bad, tone))
    return tuple(tiles), columns * _TILE, ceil(len(members) / columns) * _TILE


def today() -> date:
    """Return the day in the console's zone."""
    return timezone.localdate()
