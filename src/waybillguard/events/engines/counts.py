"""Base counts cached beside a log: a trace's counts over a whole warehouse are computed once and then read.

Tracing a leak needs to know how often every account would have met the victims anyway. Counting that in a log of a
hundred million events takes minutes; reading the cached counts takes almost no time. A cached answer is named by a
hash of all its inputs (query, values, files of events and orders, roster), so it is never used for other inputs. An
index stores which tenants and orders occur in each file of events, so victims are searched only there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec

from waybillguard.errors import reason_in_chinese
from waybillguard.events.engines.base import Value
from waybillguard.events.engines.duck import DuckEngine
from waybillguard.events.engines.queries import TRACE_EXPOSURE, TRACE_LABELS, TRACE_ORDERS, TRACE_SPAN, Query
from waybillguard.events.errors import EventsError
from waybillguard.events.folder import publish, scratch
from waybillguard.events.paths import safe_name
from waybillguard.events.reading import DEFAULT_MEMORY

KEPT: Final = (TRACE_SPAN, TRACE_EXPOSURE, TRACE_ORDERS, TRACE_LABELS)
"""Queries about one warehouse whose answers do not depend on the victims."""
WORTH_AN_INDEX: Final = 4 << 20
"""Minimum size in bytes of an indexed file of events; smaller ones are read directly."""
_FRAGMENT: Final = "CAST(hash(CAST(order_id AS VARCHAR)) & 4294967295 AS UINTEGER)"
"""Bits of an order id in the index. Two in four thousand million collide, so a hit is only a candidate."""


class CountingEngine(DuckEngine):
    """A ``DuckEngine`` that caches base counts in a folder and gives the same answers.

    Args:
        counts: the folder; created if missing. It names accounts, so only the owner may read its files.
        memory, threads, spill: as ``DuckEngine``.

    Raises:
        EventsError: the folder cannot be made.
    """

    def __init__(
        self,
        counts: Path,
        *,
        memory: str = DEFAULT_MEMORY,
        threads: int | None = None,
        spill: Path | None = None,
    ) -> None:
        super().__init__(memory=memory, threads=threads, spill=spill)
        try:
            counts.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.close()
            raise EventsError(
                zh=f"无法使用文件夹 {counts.name} 保存基数（{reason_in_chinese(error)}）。请换一个可写的文件夹。",
                en=f"base counts cannot be kept in {counts.name} ({error.strerror}). Name a folder that can be written to.",
            ) from None
        self._counts = counts
        self._made_of: dict[str, object] = {}
        self._focused: str | None = None
        self._open = ExitStack()

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Create the view ``events``."""
        super().load(files, zone)
        self._made_of |= {"files": [_identity(file) for file in files], "zone": zone.key}

    def join_accounts(
        self, renamed: Mapping[tuple[str, str], str], until: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        """Treat events of an account's former names as events of its current name."""
        super().join_accounts(renamed, until)
        self._made_of["renamed"] = sorted(
            (*key, now, (until or {}).get(key, -1)) for key, now in renamed.items()
        )

    def orders(self, file: Path | None, known: Sequence[tuple[Value, ...]] = ()) -> None:
        """Create the view ``orders``."""
        super().orders(file, known)
        self._made_of["orders"] = known if file is None else _identity(file)

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Load a table for the queries."""
        super().table(name, rows)
        if name == "roster":
            self._made_of["roster"] = rows

    @contextmanager
    def focus(self, tenant: str) -> Iterator[None]:
        """Read one tenant's looks and orders once, at the first query that is not cached."""
        self._focused = tenant
        try:
            yield
        finally:
            self._focused = None
            self._open.close()

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows, from the cache if possible."""
        if query not in KEPT or tenant is None:
            self._narrow()
            return super().ask(query, tenant=tenant, **values)
        file = self._file(query, tenant, values)
        try:
            found = self.connection.execute("SELECT * FROM read_parquet($file)", {"file": str(file)})
            return [query.row(*row) for row in found.fetchall()]
        except duckdb.Error:  # missing or damaged: count again
            self._narrow()
            rows = super().ask(query, tenant=tenant, **values)
            with suppress(OSError, duckdb.Error):  # a full disk does not affect the answer
                self._keep(query, rows, file)
            return rows

    def _where_met(self) -> tuple[Sequence[Path], Mapping[Path, Sequence[str]]]:
        """Return the files in which orders of the table ``victims`` may occur, with the tenants if known."""
        indexes: dict[str, Path] = {}
        met: dict[Path, list[str]] = defaultdict(list)
        try:
            for file in self._files:
                if file.stat().st_size >= WORTH_AN_INDEX:
                    indexes[str(self._index(file))] = file
            for name, tenant in (
                self.connection.execute(
                    "SELECT DISTINCT filename, tenant FROM read_parquet($indexes, filename = true) "  # noqa: S608 - constant
                    f"WHERE fragment IN (SELECT {_FRAGMENT} FROM victims) ORDER BY ALL",
                    {"indexes": list(indexes)},
                ).fetchall()
                if indexes
                else ()
            ):
                met[indexes[name]].append(tenant)
        except (OSError, duckdb.Error):  # a full disk or a damaged index: read all files
            for name in indexes:
                Path(name).unlink(missing_ok=True)
            return super()._where_met()
        unmet = set(indexes.values()) - met.keys()
        return [file for file in self._files if file not in unmet], met

    def _index(self, file: Path) -> Path:
        """Return the index of a file of events, created if missing: tenants and parts of their order ids."""
        path, *state = _identity(file)
        made_of = msgspec.msgpack.encode([duckdb.__version__, state])  # DuckDB's hashes may differ by version
        place = blake2b(path.encode(), digest_size=8).hexdigest()
        index = self._counts / ".orders" / f"{place}.{blake2b(made_of, digest_size=8).hexdigest()}"
        if not index.exists():
            self._publish(
                f"SELECT DISTINCT CAST(tenant AS VARCHAR) AS tenant, {_FRAGMENT} AS fragment "  # noqa: S608 - constant, quoted path
                f"FROM (FROM read_parquet('{str(file).replace("'", "''")}') UNION ALL BY NAME SELECT NULL::VARCHAR AS order_id) "
                "WHERE order_id IS NOT NULL AND tenant IS NOT NULL ORDER BY ALL",  # a file may have no orders
                index,
                instead_of=f"{place}.*",
            )
        return index

    def _narrow(self) -> None:
        if self._focused is not None:
            tenant, self._focused = self._focused, None
            self._open.enter_context(super().focus(tenant))

    def _file(self, query: Query[msgspec.Struct], tenant: str, values: Mapping[str, Value]) -> Path:
        made_of = msgspec.msgpack.encode([query.sql, tenant, values, self._made_of], order="sorted")
        return (
            self._counts / safe_name(tenant) / f"{query.name}.{blake2b(made_of, digest_size=16).hexdigest()}"
        )

    def _keep[T: msgspec.Struct](self, query: Query[T], rows: Sequence[T], file: Path) -> None:
        columns = msgspec.structs.fields(query.row)
        kinds = {field.name: "BIGINT" if field.type is int else "VARCHAR" for field in columns}
        made = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE kept ({made})")
        if rows:
            lists = [[getattr(row, name) for row in rows] for name in kinds]
            picked = ", ".join(f"unnest(${n + 1}::{kind}[])" for n, kind in enumerate(kinds.values()))
            self.connection.execute(f"INSERT INTO kept SELECT {picked}", lists)
        self._publish("FROM kept", file, instead_of=f"{query.name}.*")

    def _publish(self, rows: str, file: Path, *, instead_of: str) -> None:
        """Write a query's rows to a file in the folder, readable only by the owner, replacing older ones."""
        unfinished = scratch(self._counts)
        quoted = str(unfinished).replace("'", "''")
        self.connection.execute(f"COPY ({rows}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
        unfinished.chmod(0o600)
        publish(unfinished, file, durable=False)
        for other in file.parent.glob(instead_of):
            if other != file:
                other.unlink(missing_ok=True)


def _identity(file: Path) -> tuple[str, int, int]:
    about = file.stat()
    return str(file.resolve()), about.st_size, about.st_mtime_ns
