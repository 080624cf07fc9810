"""Base counts kept at ingest: how much each actor looked at, by day and goods class.

Where a leak came from is a question of how often an account would have met the victims anyway. Counting that
over a hundred million looks takes seconds and gigabytes; over counts kept a day at a time it takes neither.
"""

from collections.abc import Iterable
from pathlib import Path

from waybillguard.events.engines.answers import BaseCountRow
from waybillguard.events.engines.duck import DuckEngine
from waybillguard.events.engines.queries import BASE_COUNTS, PARAMETER
from waybillguard.events.folder import publish, scratch
from waybillguard.events.paths import safe_name
from waybillguard.events.reading import DEFAULT_MEMORY, connect
from waybillguard.events.store import EventStore


class BaseCounts:
    """Base counts beside the events of a store, one small file a tenant's day.

    A file carries the mark of the day it counted, so a day to which an event came late is counted again, whole.
    """

    def __init__(self, store: EventStore, *, memory: str = DEFAULT_MEMORY) -> None:
        self._store = store
        self._memory = memory

    def refresh(self, tenant: str, days: Iterable[int] | None = None) -> list[int]:
        """Count the days (None: all) whose events changed since they were counted; returns those."""
        stale = []
        for day in sorted(self._store.days(tenant) if days is None else set(days)):
            target = self._file(tenant, day)
            if target is not None and not target.exists():
                self._count(tenant, day, target)
                stale.append(day)
        return stale

    def rows(self, tenant: str, first_day: int, last_day: int) -> list[BaseCountRow]:
        """Return the counts of those days, which are counted first where they are stale."""
        days = [day for day in self._store.days(tenant) if first_day <= day <= last_day]
        self.refresh(tenant, days)
        files = [str(file) for day in days if (file := self._file(tenant, day)) is not None]
        if not files:
            return []
        with connect(memory=self._memory) as connection:
            found = connection.execute(
                "SELECT * FROM read_parquet($files) WHERE tenant = $tenant ORDER BY day, kind, account NULLS FIRST, "
                "workstation NULLS FIRST, category NULLS FIRST",
                {"files": files, "tenant": tenant},
            ).fetchall()
        return [BaseCountRow(*row) for row in found]

    def files(self, tenant: str, first_day: int, last_day: int) -> list[Path]:
        """Return the Parquet files of those days' counts, columns as ``BaseCountRow``, refreshed."""
        days = [day for day in self._store.days(tenant) if first_day <= day <= last_day]
        self.refresh(tenant, days)
        return [file for day in days if (file := self._file(tenant, day)) is not None]

    def _file(self, tenant: str, day: int) -> Path | None:
        mark = self._store.mark(tenant, day)
        folder = self._store.root / f"tenant={safe_name(tenant)}" / "counts"
        return folder / f"{day}.{mark}.counts" if mark else None

    def _count(self, tenant: str, day: int, target: Path) -> None:
        unfinished = scratch(self._store.root)
        with DuckEngine(memory=self._memory, spill=self._store.root / ".spill") as engine:
            engine.load(self._store.files(tenant, first_day=day, last_day=day), self._store.zone)
            engine.connection.execute(
                f"COPY ({PARAMETER.sub(r'$\1', BASE_COUNTS.sql)}) TO '{str(unfinished).replace("'", "''")}' "
                "(FORMAT parquet, COMPRESSION zstd)",
                {"tenant": tenant, "first_day": day, "last_day": day},
            )
        publish(unfinished, target, durable=False)
        for old in target.parent.glob(f"{day}.*.counts"):
            if old != target:
                old.unlink(missing_ok=True)
