"""A temporary PostgreSQL server, fast because it need not survive a power cut."""

from pathlib import Path

from benchmarks import temporary_postgres
from benchmarks.temporary_postgres import OWNER, binaries

__all__ = ["OWNER", "Cluster", "binaries"]


class Cluster(temporary_postgres.Cluster):
    """One server; `url(name)` creates a database."""

    def __init__(self, copy_of: Path | None = None) -> None:
        super().__init__("fsync=off", "max_connections=60", copy_of=copy_of)
