"""Event storage: Parquet by tenant and day, with separate files per batch.

``tenant=<safe name>/day=<days since 1970>/part-<batch>.parquet``. A batch is identified by its name: writing it again
replaces the same files. So a killed writer repeats its batch under the same name, and every event is stored exactly
once. A late event goes to its own day.
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
    """Result of a batch: events written, events already known, and the affected days (tenant, day)."""

    events: int
    known: int
    days: tuple[tuple[str, int], ...]


class EventStore:
    """A folder of access events.

    One process writes at a time (a lock makes the other wait); any number may read. Nothing is cached, so instances are
    cheap to create.

    Args:
        root: the folder; created on the first write.
        zone: the warehouse's time zone, for events without ``day`` and ``w10``.
        durable: sync a batch to disk before ``append`` returns; False for simulated worlds.
        memory: memory limit of the writing database.
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
        """Write a batch, each event into its own day.

        Args:
            name: name of the batch, any text; the same name must mean the same rows.
            rows: structs, or columns for many rows (``columns``).
            skip_known: omit events whose ``event_id`` is already stored, for overlapping logs.

        Raises:
            EventsError: the columns do not fit, or a row has an invalid value; nothing was written.
        """
        return self._append(name, rows, skip_known=skip_known, only=None)

    def write(self, tenant: str, day: int, name: str, rows: Sequence[AccessEvent] | Columns) -> Written:
        """Write a batch for one tenant and day, like ``append``.

        Raises:
            EventsError: like ``append``, or a row belongs to another tenant or day; nothing was written.
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
        """Return the files of a tenant (None: of all) for a range of days, both included."""
        pattern = "tenant=*" if tenant is None else f"tenant={safe_name(tenant)}"
        return [
            part
            for folder in sorted(self.root.glob(f"{pattern}/day=*"))
            if (first_day is None or int(folder.name[4:]) >= first_day)
            and (last_day is None or int(folder.name[4:]) <= last_day)
            for part in live_parts(folder)
        ]

    def mark(self, tenant: str, day: int) -> str:
        """Return a short text that changes when a batch is added to a day, but not when its files are merged.

        Store it with results computed from a day; if it differs later, compute them again.
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
        """Return a connection with the view ``events`` over a range of days; close it when done.

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
        """Merge the parts of a day into one file sorted by time; returns how many files it replaces.

        Readers that use ``files`` see each event exactly once at all times, even if the merge is killed.
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
        """Remove unfinished files of killed writers; call only if no other writer is running."""
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
        """Sort rows by day, so that reading one day skips the others."""
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
        """Delete staged events that other parts of their days contain, and duplicates within the batch."""
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
