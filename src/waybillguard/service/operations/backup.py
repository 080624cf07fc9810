"""Make a backup while the service runs: one sealed file (docs/formats.md, "Backup").

Included: a snapshot of every table, the ledger up to a signed checkpoint and the entries after it, certificates, and
keyd's shred list. Not included: the passphrase, and uploads and label files in the spool (an import that was being
read fails on the restored service and has to be imported again).
"""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.operations.backup_archive import ArchiveHead, ArchiveWriter, Piece
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.backup_tables import (
    TableDigest,
    TableSum,
    all_models,
    columns_of,
    read_rows,
    refuse_unknown_tables,
    snapshot,
)
from waybillguard.service.platform.config import Config

ARCHIVE_OWNER: Final = ":backup"
"""Replaces the tenant's name when keyd wraps the archive's key; no tenant's name contains a colon."""
_PIECE: Final = 1 << 20
_LEFT_OUT: Final = frozenset(
    {"root.key", "root.key.next", "service.json", "shell.caller", "writer.lock", "index.sqlite", "prepared"}
)
_LEFT_OUT_FOLDERS: Final = frozenset({"spool"})


class Manifest(msgspec.Struct, frozen=True):
    """The state a backup was made from: time, applied migrations, and the signed size of each ledger shard."""

    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    ledger: dict[str, bytes]


class BackupSummary(msgspec.Struct, frozen=True):
    """The summary of a finished backup."""

    path: str
    bytes: int
    tables: int
    rows: int
    files: int
    ledger_entries: int


def make_backup(
    config: Config, target: Path, keyd: KeydClient, context: messages.Context, now: datetime | None = None
) -> BackupSummary:
    """Write a backup of the running service to ``target``. The ledger entry is written first.

    Raises:
        BackupError: ``target`` exists or cannot be written; no partial file is left.
        KeydError: the service is not running.
    """
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder
    from django_scopes import scopes_disabled

    if not config.key_file.exists():
        raise BackupError(
            zh="根密钥由密钥进程的系统用户单独保管，不在此数据目录中。请停止两个服务单元后复制两个目录（见部署文档）。",
            en="the root key lies with keyd's own system user, not in this data folder. Stop both units and copy both "
            "folders (deployment page).",
        )
    if target.resolve().is_relative_to(config.data_dir.resolve()):
        raise BackupError(
            zh=f"{target} 在数据目录里：会被下一个备份包含，也会随目录一起丢失。请换一个位置，最好在另一台机器。",
            en=f"{target} lies in the data folder: the next backup would hold it, and what takes the folder takes it as "
            "well. Choose another place, best on another machine.",
        )
    refuse_unknown_tables(connection)
    made_at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    keyd.call(
        messages.Record(context=context, kind="backup", detail={"what": "backup", "made_at": made_at}),
        messages.Recorded,
    )
    key = keyd.call(messages.NewDataKey(tenant=ARCHIVE_OWNER), messages.DataKey)
    key_file = config.key_file.read_text(encoding="ascii")
    head = ArchiveHead(
        kind="waybillguard-backup",
        made_at=made_at,
        key_id=str(msgspec.json.decode(key_file)["key_id"]),
        key_file=key_file,
        wrapped=key.wrapped.hex(),
    )
    files = 0
    sums: list[TableSum] = []
    with ArchiveWriter(target, head, key.key) as archive:
        # Copy the database first: its entries were written to the ledger earlier, so the ledger copy covers them.
        with scopes_disabled(), snapshot(connection):
            migrations = sorted(MigrationRecorder(connection).applied_migrations())
            manifest = Manifest(made_at, connection.vendor, migrations, {})
            archive.add(Piece("manifest", "", msgspec.to_builtins(manifest)))
            for model in all_models():
                table, columns = model._meta.db_table, columns_of(model)  # noqa: SLF001
                archive.add(Piece("table", table, columns))
                table_digest = TableDigest(table, columns)
                for rows in read_rows(model):
                    table_digest.add(rows)
                    archive.add(Piece("rows", table, rows))
                sums.append(table_digest.result())
        ledger = signed_checkpoints(config.ledger_dir)
        archive.add(Piece("ledger", "", {name: note for name, (_, note) in ledger.items()}))
        for path in _files(config):
            try:
                mode, content = path.stat().st_mode & 0o777, _content(path)
                first = next(content, b"")
            except FileNotFoundError:
                if any(path.is_relative_to(folder) for folder in config.shared_dirs):
                    continue  # deleted meanwhile, because it expired
                raise
            files += 1
            archive.add(Piece("file", str(path.relative_to(config.data_dir)), mode))
            for data in chain((first,), content):
                archive.add(Piece("data", "", data))
        archive.add(Piece("end", "", [msgspec.to_builtins(one) for one in sums]))
    return BackupSummary(
        str(target),
        archive.size,
        len(sums),
        sum(one.rows for one in sums),
        files,
        sum(size for size, _ in ledger.values()),
    )


def signed_checkpoints(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return size and signed note of each shard's last checkpoint; safe while the ledger is being written."""
    found: dict[str, tuple[int, bytes]] = {}
    for lock in sorted(folder.glob("*/lock.sqlite")):
        database = sqlite3.connect(f"{lock.absolute().as_uri()}?mode=ro", uri=True, timeout=20)
        try:
            row = database.execute("SELECT size, note FROM head").fetchone()
        except sqlite3.DatabaseError:
            row = None
        finally:
            database.close()
        if row:
            found[lock.parent.name] = (int(row[0]), bytes(row[1]))
    return found


def _files(config: Config) -> list[Path]:
    """Return the files to back up; for a ledger shard, the checkpoint first and the entries last.

    So the copied entries reach at least as far as the copied checkpoint. A power cut leaves the same state, and the
    ledger can continue from it. Folders moved elsewhere by a symbolic link are included; in the folders that web and
    worker write to, links are refused.

    Raises:
        BackupError: a link is not allowed there.
    """
    folder, found, seen = config.data_dir, [], {config.data_dir.resolve()}
    for base, names, files in os.walk(folder, followlinks=True):
        top = Path(base) == folder
        names[:] = [n for n in names if not n.startswith(".") and not (top and n in _LEFT_OUT_FOLDERS)]
        for name in list(names):
            if (real := _followed(config, Path(base) / name).resolve()) in seen:
                names.remove(name)
            seen.add(real)
        for name in files:
            path = Path(base) / name
            unwanted = (
                name in _LEFT_OUT or name.startswith((".", config.database.name)) or name.endswith("-journal")
            )
            if not unwanted and _followed(config, path).is_file():
                found.append(path)
    return sorted(
        found, key=lambda path: (path.name.startswith("seg-"), path.name.startswith("hash-"), str(path))
    )


def _followed(config: Config, path: Path) -> Path:
    if path.is_symlink() and any(
        path.is_relative_to(shared) and path != shared for shared in config.shared_dirs
    ):
        raise BackupError(
            zh=f"{path} 是符号链接，备份不会跟随它，内容会缺失。未写出备份；请换成真正的文件或目录（或挂载点）。",
            en=f"{path} is a symbolic link, which a backup does not follow, and its content would be missing. No backup was "
            "written; put a real file or folder (or a mount) there.",
        )
    return path


def _content(path: Path) -> Iterator[bytes]:
    if path.suffix in {".sqlite", ".sqlite3"}:
        yield _database_bytes(path)
        return
    with path.open("rb") as handle:
        left = os.fstat(handle.fileno()).st_size  # ignore data appended during the copy
        while left and (data := handle.read(min(_PIECE, left))):
            left -= len(data)
            yield data


def _database_bytes(path: Path) -> bytes:
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)
    memory = sqlite3.connect(":memory:")
    try:
        source.backup(memory)
        return memory.serialize()
    except sqlite3.DatabaseError as error:
        raise BackupError(
            zh=f"无法读取 {path.name}（数据库损坏）。未写出备份；请先检查数据目录。",
            en=f"{path.name} cannot be read (damaged database). No backup was written; check the data folder.",
        ) from error
    finally:
        memory.close()
        source.close()
