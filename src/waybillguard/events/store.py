"""Events on the disk: Parquet by tenant and day, each batch in files of its own name.

``tenant=<safe name>/day=<days since 1970>/part-<batch>.parquet``. A batch is told by its name: writing it
again writes the same files again, so a writer that was killed repeats its batch under the same name and
every event is there exactly once. An event that comes late goes to the day it belongs to.
"""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec

from waybillguard.events.columns import STAGED, Columns, columns_of, stage
from waybillguard.events.errors import EventValueError
from waybillguard.events.folder import (
    Manifest,
    Pending,
    finish_merge,
    live_parts,
    locked,
    publish,
    read_manifest,
    scratch,
    sweep,
    write_manifest,
)
from waybillguard.events.paths import day_folder, part_file, safe_name
from waybillguard.events.reading import DEFAULT_MEMORY, connect, view_events
from waybillguard.events.schema import COLUMNS, AccessEvent

CHINA: Final = ZoneInfo("Asia/Shanghai")
_PARQUET: Final = "FORMAT parquet, COMPRESSION zstd"
_FEW: Final = 12
_NAMES: Final = ", ".join(COLUMNS)


class Written(msgspec.Struct, frozen=True):
    """What a batch became: events written, events known before, and the days (tenant, day) it touched."""

    events: int
    known: int
    days: tuple[tuple[str, int], ...]


class EventStore:
    """A folder of access events.

    One process writes at a time (a lock waits for the other); any number read. Nothing is cached, so a value of
    this class may be made anew for each use.

    Args:
        root: the folder; made on the first write.
        zone: the warehouse's wall clock, for events that bring no ``day`` and ``w10``.
        durable: a batch is on the disk when ``append`` returns; False for worlds that can be made again.
        memory: limit of the database that writes.
    """

    def __init__(
        self, root: Path, *, zone: ZoneInfo = CHINA, durable: bool = True, memory: str = DEFAULT_MEMORY
    ) -> None:
        self.root = root
        self.zone = zone
        self._durable = durable
        self._memory = memory

    def append(
        self, name: str, rows: Sequence[AccessEvent] | Columns, *, skip_known: bool = False
    ) -> Written:
        """Write a batch, each event into the day it belongs to.

        Args:
            name: of the batch, any text; the same name must mean the same rows.
            rows: structs, or columns for many (``columns``).
            skip_known: leave out events whose ``event_id`` is there already, for logs that overlap.

        Raises:
            EventsError: the columns do not fit, or a row holds what the table cannot; nothing was written.
        """
        return self._append(name, rows, skip_known=skip_known, only=None)

    def write(self, tenant: str, day: int, name: str, rows: Sequence[AccessEvent] | Columns) -> Written:
        """Write a batch of one tenant's day, as ``append`` does.

        Raises:
            EventsError: as ``append``, or a row belongs to another tenant or day; nothing was written.
        """
        return self._append(name, rows, skip_known=False, only=(tenant, day))

    def tenants(self) -> list[str]:
        """Return the names of the tenants that have events."""
        found = [
            msgspec.json.decode(one.read_bytes(), type=str) for one in self.root.glob("tenant=*/tenant.json")
        ]
        return sorted(found)

    def days(self, tenant: str) -> list[int]:
        """Return the days on which a tenant has events."""
        folder = self.root / f"tenant={safe_name(tenant)}"
        return sorted(int(one.name[4:]) for one in folder.glob("day=*") if live_parts(one))

    def files(
        self, tenant: str | None = None, *, first_day: int | None = None, last_day: int | None = None
    ) -> list[Path]:
        """Return the files of a tenant (None: of all) from one day to another, both included."""
        pattern = "tenant=*" if tenant is None else f"tenant={safe_name(tenant)}"
        return [
            part
            for folder in sorted(self.root.glob(f"{pattern}/day=*"))
            if (first_day is None or int(folder.name[4:]) >= first_day)
            and (last_day is None or int(folder.name[4:]) <= last_day)
            for part in live_parts(folder)
        ]

    def mark(self, tenant: str, day: int) -> str:
        """Return a short text that changes when a batch comes to a day, and not when its files are merged.

        Who keeps results of a day keeps the mark beside them and does the day again when it differs.
        """
        folder = self.root / day_folder(tenant, day)
        if not folder.is_dir():
            return ""
        names = {one.name for one in live_parts(folder) if one.name.startswith("part-")}
        names.update(read_manifest(folder).merged)
        return blake2b("\n".join(sorted(names)).encode(), digest_size=8).hexdigest() if names else ""

    def open(
        self,
        tenant: str | None = None,
        *,
        first_day: int | None = None,
        last_day: int | None = None,
        memory: str = DEFAULT_MEMORY,
        threads: int | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Return a connection with the view ``events`` over those days; close it when done.

        Raises:
            EventsUnreadableError: a file is damaged.
        """
        connection = connect(memory=memory, threads=threads, spill=self._spill())
        try:
            view_events(connection, self.files(tenant, first_day=first_day, last_day=last_day), self.zone)
        except BaseException:
            connection.close()
            raise
        return connection

    def compact(self, tenant: str, day: int) -> int:
        """Merge the parts of a day into one file in order of time; returns how many files it replaces.

        A reader through ``files`` sees each event once at every moment of it, also if it is killed.
        """
        folder = self.root / day_folder(tenant, day)
        if not folder.is_dir():
            return 0
        with locked(self.root):
            finish_merge(self.root, folder)
            parts = live_parts(folder)
            if len(parts) < 2:  # noqa: PLR2004 - one file is merged already
                return 0
            unfinished = scratch(self.root)
            with connect(memory=self._memory, spill=self._spill()) as connection:
                view_events(connection, parts, self.zone)
                connection.execute(
                    f"COPY (SELECT {_NAMES} FROM events ORDER BY ts_us) TO '{_path(unfinished)}' ({_PARQUET})"  # noqa: S608
                )
            number = max((int(p.stem[4:]) for p in parts if p.name.startswith("day-")), default=0) + 1
            target = folder / f"day-{number}.parquet"
            known = read_manifest(folder).merged
            pending = Pending(target.name, tuple(one.name for one in parts))
            write_manifest(self.root, folder, Manifest(merged=known, pending=pending))
            publish(unfinished, target, durable=True)
            finish_merge(self.root, folder)
            return len(parts)

    def sweep(self) -> None:
        """Remove files that killed writers left unfinished; call it where no other writer can be alive."""
        with locked(self.root):
            sweep(self.root)

    def _spill(self) -> Path:
        return self.root / ".spill"

    def _append(
        self,
        name: str,
        rows: Sequence[AccessEvent] | Columns,
        *,
        skip_known: bool,
        only: tuple[str, int] | None,
    ) -> Written:
        if isinstance(rows, Sequence) and not rows:
            return Written(0, 0, ())
        with connect(memory=self._memory, spill=self._spill()) as connection:
            stage(connection, columns_of(rows) if isinstance(rows, Sequence) else rows, self.zone)
            if only is not None:
                _only(connection, *only)
            days = connection.execute(
                f"SELECT tenant, day FROM {STAGED} GROUP BY ALL ORDER BY ALL"  # noqa: S608 - name of the schema
            ).fetchall()
            groups = [(str(tenant), int(day)) for tenant, day in days]
            self._name_tenants({tenant for tenant, _ in groups})
            known = self._drop_known(connection, name, groups) if skip_known else 0
            if len(groups) > _FEW:
                self._sort(connection)
            return Written(self._write_each(connection, name, groups), known, tuple(groups))

    def _write_each(
        self, connection: duckdb.DuckDBPyConnection, name: str, groups: Sequence[tuple[str, int]]
    ) -> int:
        written = 0
        for tenant, day in groups:
            unfinished = scratch(self.root)
            copied = connection.execute(
                f"COPY (SELECT {_NAMES} FROM {STAGED} WHERE tenant = $tenant AND day = $day) "  # noqa: S608
                f"TO '{_path(unfinished)}' ({_PARQUET})",
                {"tenant": tenant, "day": day},
            ).fetchone()
            written += int(copied[0]) if copied else 0
            self._publish(unfinished, self.root / day_folder(tenant, day) / part_file(name))
        return written

    def _sort(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put the rows of each day together, so that a day is found without reading the others."""
        connection.execute(f"CREATE TEMP TABLE sorted AS SELECT * FROM {STAGED} ORDER BY tenant, day")  # noqa: S608
        connection.execute(f"DROP TABLE {STAGED}")
        connection.execute(f"ALTER TABLE sorted RENAME TO {STAGED}")

    def _publish(self, unfinished: Path, final: Path) -> None:
        with locked(self.root):
            if final.parent.is_dir() and final.name in finish_merge(self.root, final.parent).merged:
                unfinished.unlink()
            else:
                publish(unfinished, final, durable=self._durable)

    def _drop_known(
        self, connection: duckdb.DuckDBPyConnection, name: str, groups: Sequence[tuple[str, int]]
    ) -> int:
        """Delete staged events that other parts of their days hold, and repeats within the batch."""
        before = _count(connection)
        connection.execute(
            f"DELETE FROM {STAGED} WHERE event_id IS NOT NULL AND rowid NOT IN "  # noqa: S608
            f"(SELECT min(rowid) FROM {STAGED} WHERE event_id IS NOT NULL GROUP BY tenant, event_id)"
        )
        for tenant, day in groups:
            folder = self.root / day_folder(tenant, day)
            others = [p for p in live_parts(folder) if p.name != part_file(name)] if folder.is_dir() else []
            if others:
                view_events(connection, others, self.zone)
                connection.execute(
                    f"DELETE FROM {STAGED} WHERE tenant = $tenant AND day = $day AND event_id IN "  # noqa: S608
                    "(SELECT event_id FROM events WHERE tenant = $tenant AND event_id IS NOT NULL)",
                    {"tenant": tenant, "day": day},
                )
        return before - _count(connection)

    def _name_tenants(self, tenants: set[str]) -> None:
        for tenant in sorted(tenants):
            target = self.root / f"tenant={safe_name(tenant)}" / "tenant.json"
            if not target.exists():
                unfinished = scratch(self.root)
                unfinished.write_bytes(msgspec.json.encode(tenant))
                publish(unfinished, target, durable=self._durable)


def _only(connection: duckdb.DuckDBPyConnection, tenant: str, day: int) -> None:
    found = connection.execute(
        f"SELECT min(rowid) FROM {STAGED} WHERE tenant <> $tenant OR day <> $day",  # noqa: S608 - name of the schema
        {"tenant": tenant, "day": day},
    ).fetchone()
    if found and found[0] is not None:
        raise EventValueError.of(
            int(found[0]) + 1, "day", "不属于这一天或租户", "is of another day or tenant"
        )


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute(f"SELECT count(*) FROM {STAGED}").fetchone()  # noqa: S608
    return int(found[0]) if found else 0


def _path(path: Path) -> str:
    return str(path).replace("'", "''")
