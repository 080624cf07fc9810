"""Counts of events by day, hour and goods class, added in the transaction that marks a part as written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from django.db import connection, models

from waybillguard.service.audit.models import Actor, BaseCount, DayCount, HourCount

_ROWS: Final = 500


class Counted(NamedTuple):
    """The fields of an event that are counted; empty text means none."""

    day: int
    hour: int
    account: str
    workstation: str
    action: str
    category: str
    names_order: bool
    exposed: bool
    allowed: bool


class Counts:
    """Sums over events for the tables of one tenant. ``log``: 0 for our own events, or the foreign log's key."""

    def __init__(self, tenant_id: int, log: int = 0) -> None:
        self._tenant = tenant_id
        self._log = log
        self._cells: Counter[Counted] = Counter()

    def take(self, cells: Iterable[Counted] | Mapping[Counted, int]) -> None:
        """Count events, or cells of equal events with their numbers."""
        self._cells.update(cells)

    def add(self) -> None:
        """Add the sums to the tables, inside the caller's transaction."""
        days: dict[tuple[str | int, ...], list[int]] = {}
        hours: dict[tuple[str | int, ...], list[int]] = {}
        bases: dict[tuple[str | int, ...], list[int]] = {}
        for cell, n in self._cells.items():
            sums = (n, n * cell.exposed, n * (not cell.allowed))
            for who, name in (("all", ""), ("account", cell.account), ("station", cell.workstation)):
                if who == "all" or name:
                    _sum(days, (who, name, cell.day, cell.action), sums)
                    _sum(hours, (who, name, cell.day, cell.hour), sums)
            if cell.names_order:
                _sum(bases, (cell.account, cell.workstation, cell.day, cell.category), sums[:2])
        Actor.objects.bulk_create(
            [
                Actor(tenant_id=self._tenant, who=str(who), name=str(name))
                for who, name in sorted({key[:2] for key in days})
                if name
            ],
            ignore_conflicts=True,
        )
        self._upsert(DayCount, ("who", "name", "day", "action"), ("n", "exposed", "refused"), days)
        self._upsert(HourCount, ("who", "name", "day", "hour"), ("n", "exposed", "refused"), hours)
        self._upsert(BaseCount, ("account", "workstation", "day", "category"), ("n", "exposed"), bases)

    def _upsert(
        self,
        model: type[models.Model],
        keys: tuple[str, ...],
        sums: tuple[str, ...],
        rows: dict[tuple[str | int, ...], list[int]],
    ) -> None:
        """Add to the existing counts in the order of their keys, so that two writers cannot deadlock."""
        table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's public way in
        columns = ("tenant_id", "log", *keys, *sums)
        added = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in sums)
        quoted = ", ".join(f'"{name}"' for name in columns)
        conflict = ", ".join(f'"{name}"' for name in ("tenant_id", "log", *keys))
        marks = ", ".join(["%s"] * len(columns))
        statement = (
            f"INSERT INTO {table} ({quoted}) VALUES ({marks}) ON CONFLICT ({conflict}) DO UPDATE SET {added}"  # noqa: S608 - names of our own columns
        )
        values = [(self._tenant, self._log, *key, *rows[key]) for key in sorted(rows, key=repr)]
        with connection.cursor() as cursor:
            for start in range(0, len(values), _ROWS):
                cursor.executemany(statement, values[start : start + _ROWS])


def _sum(
    into: dict[tuple[str | int, ...], list[int]], key: tuple[str | int, ...], sums: tuple[int, ...]
) -> None:
    there = into.get(key)
    if there is None:
        into[key] = list(sums)
    else:
        for place, value in enumerate(sums):
            there[place] += value
