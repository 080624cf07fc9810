"""Restore a backup: either all of it, verified, or nothing.

Everything is built in a staging folder and moved into place at the end. A newer ledger in the current folder is kept
if it continues the backup's ledger: a restore must never erase access records. Orders shredded and people suspended
since the backup stay so: keyd's lists of both are merged with those of the backup.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from waybillguard.errors import reason_in_chinese
from waybillguard.keys import holders, rollover
from waybillguard.keys.errors import HolderRefusedError, WrongPassphraseError
from waybillguard.keys.hierarchy import FileHolder, Purpose
from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerError, LedgerKeys, LocalStorage, wall_clock
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.ledger.note import Checkpoint, parse_checkpoint, parse_note
from waybillguard.service.operations.backup import ARCHIVE_OWNER, Manifest, signed_checkpoints
from waybillguard.service.operations.backup_archive import ArchiveReader, Piece
from waybillguard.service.operations.backup_errors import BackupError, damaged
from waybillguard.service.operations.backup_tables import (
    TableDigest,
    TableSum,
    TableWriter,
    all_models,
    clear_tables,
    reset_sequences,
)
from waybillguard.service.operations.schema_state import migrate, refuse_other_state
from waybillguard.service.platform.config import Config, ensure_private_dir, write_private


class RestoreSummary(msgspec.Struct, frozen=True):
    """The summary of a restore. ``newer_entries``: number of kept ledger entries newer than the backup."""

    made_at: str
    key_id: str
    tables: int
    rows: int
    files: int
    ledger_entries: int
    newer_entries: int
    kept_ledger: bool
    before_rollover: bool


def unlock_archive(reader: ArchiveReader, folder: Path, passphrase: str) -> FileHolder:
    """Write the backup's key file into ``folder`` and open it.

    Raises:
        KeysError: the passphrase is wrong (the text names root key, holder and time), or the key file is damaged.
    """
    place = Config(folder).key_file
    write_private(place, reader.head.key_file.encode())
    try:
        holder = rollover.holder_of(place, holders.unlock(place, passphrase))
    except (WrongPassphraseError, HolderRefusedError) as error:
        kept, made_at = holders.describe(place), reader.head.made_at
        raise type(error)(
            zh=f"此备份做于 {made_at}，由根密钥 {kept.key_id} 密封，保管方式 {kept.holder}：须用当时有效的口令、令牌或 PIN "
            f"打开，其后更换的打不开它。{error.zh}",
            en=f"this backup was made at {made_at} under root key {kept.key_id}, kept by {kept.holder}: it opens with the "
            f"passphrase, token or PIN in force at that time, not with a later one. {error.en}",
        ) from error
    if holder.key_id != reader.head.key_id:
        raise damaged("key file")
    return holder


class Restoring:
    """One restore into a staging folder, on which Django is already set up.

    Args:
        reader: the backup.
        staging: the folder being built; it becomes the data folder on success.
        current: the existing installation, if there is one.
    """

    def __init__(self, reader: ArchiveReader, staging: Config, current: Config | None) -> None:
        self._reader = reader
        self._staging = staging
        self._current = current
        self._checkpoints: dict[str, bytes] = {}
        self._writer: TableWriter | None = None
        self._table_digest: TableDigest | None = None
        self._sums: list[TableSum] = []
        self._file: Any = None
        self._files = 0

    def run(self, passphrase: str) -> RestoreSummary:
        """Read and verify everything, and leave a complete data folder in staging.

        Raises:
            BackupError: the backup is damaged or of a newer version, or the disk is full; nothing else was changed.
        """
        from django.db import DatabaseError, connection, transaction
        from django_scopes import scopes_disabled

        holder = unlock_archive(self._reader, self._staging.data_dir, passphrase)
        wrapped = bytes.fromhex(self._reader.head.wrapped)
        key = holder.unwrap(wrapped, b"spool/" + ARCHIVE_OWNER.encode())
        try:
            pieces = self._reader.pieces(key)
            # Create the tables outside the transaction: the embedded database cannot do it inside.
            self._begin(next(pieces), connection)
            with scopes_disabled(), transaction.atomic():
                clear_tables(connection)
                for piece in pieces:
                    self._take(piece, connection)
                reset_sequences(connection)
                # Inside the transaction, so that a failure leaves a server's tables empty too.
                theirs = self._current
                for name in ("shred_list", "people_file"):
                    self._join(getattr(self._staging, name), getattr(theirs, name) if theirs else None)
                kept, entries = self._settle_ledger(holder)
        except DatabaseError as error:
            raise BackupError(
                zh=f"写入数据库失败（{type(error).__name__}）。未恢复任何内容；请检查磁盘空间与数据库。",
                en=f"the database refused ({type(error).__name__}). Nothing was restored; check disk space and "
                "database.",
            ) from error
        except OSError as error:
            raise BackupError(
                zh=f"无法写入（{reason_in_chinese(error)}）。未恢复任何内容；请腾出空间后重试。",
                en=f"cannot write ({error.strerror}). Nothing was restored; make room and try again.",
            ) from error
        finally:
            if self._file is not None:
                self._file.close()
            connection.close()
        signed = sum(_checkpoint(note).size for note in self._checkpoints.values())
        return RestoreSummary(
            self._reader.head.made_at, holder.key_id, len(self._sums), sum(one.rows for one in self._sums),
            self._files, signed, max(0, entries - signed) if kept else 0, kept, self._before_rollover(),
        )  # fmt: skip

    # --- pieces -----------------------------------------------------------------------------------------

    def _take(self, piece: Piece, connection: Any) -> None:  # noqa: ANN401 - a Django connection
        handlers: dict[str, Callable[[Piece, Any], None]] = {
            "table": self._table, "rows": self._rows, "ledger": self._ledger,
            "file": self._open_file, "data": self._data, "end": self._end,
        }  # fmt: skip
        handler = handlers.get(piece.kind)
        if handler is None:
            raise damaged(piece.kind[:20])
        handler(piece, connection)

    def _begin(self, piece: Piece, connection: Any) -> None:  # noqa: ANN401
        if piece.kind != "manifest":
            raise damaged("manifest")
        manifest = msgspec.convert(piece.value, Manifest)
        if _holds_data(connection):
            raise BackupError(
                zh="目标数据库中已有数据，不会覆盖。请使用一个空的数据库。",
                en="the target database holds data already and is never overwritten. Use an empty database.",
            )
        refuse_other_state(manifest.migrations)
        migrate()

    def _table(self, piece: Piece, connection: Any) -> None:  # noqa: ANN401
        self._close_table()
        models = {model._meta.db_table: model for model in all_models()}  # noqa: SLF001
        if piece.name not in models:
            raise damaged("table")
        columns = [str(name) for name in piece.value]
        self._writer = TableWriter(models[piece.name], columns, connection)
        self._table_digest = TableDigest(piece.name, columns)

    def _rows(self, piece: Piece, _connection: Any) -> None:  # noqa: ANN401
        if self._writer is None or self._table_digest is None or self._table_digest.table != piece.name:
            raise damaged("rows")
        self._table_digest.add(piece.value)
        self._writer.write(piece.value)

    def _close_table(self) -> None:
        if self._table_digest is not None:
            self._sums.append(self._table_digest.result())
        self._table_digest = self._writer = None

    def _ledger(self, piece: Piece, _connection: Any) -> None:  # noqa: ANN401
        self._close_table()
        self._checkpoints = msgspec.convert(piece.value, dict[str, bytes])

    def _open_file(self, piece: Piece, _connection: Any) -> None:  # noqa: ANN401
        if self._file is not None:
            self._file.close()
        path = self._staging.data_dir / piece.name
        parts = Path(piece.name).parts
        if not parts or Path(piece.name).is_absolute() or ".." in parts:
            raise damaged("file name")
        for folder in reversed(path.relative_to(self._staging.data_dir).parents):
            ensure_private_dir(self._staging.data_dir / folder)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.fchmod(descriptor, int(piece.value) & 0o700)
        self._file = os.fdopen(descriptor, "wb")
        self._files += 1

    def _data(self, piece: Piece, _connection: Any) -> None:  # noqa: ANN401
        if self._file is None:
            raise damaged("data")
        self._file.write(piece.value)

    def _end(self, piece: Piece, _connection: Any) -> None:  # noqa: ANN401
        if self._file is not None:
            self._file.close()
            self._file = None
        if msgspec.convert(piece.value, list[TableSum]) != self._sums:
            raise damaged("sums")

    # --- afterwards -------------------------------------------------------------------------------------

    @staticmethod
    def _join(mine: Path, theirs: Path | None) -> None:
        """Merge two of keyd's lists (shredded, suspended): the result holds the lines of both files."""
        if theirs is None or not theirs.exists():
            return
        lines = mine.read_bytes().splitlines() if mine.exists() else []
        more = [line for line in theirs.read_bytes().splitlines() if line and line not in set(lines)]
        write_private(mine, b"".join(line + b"\n" for line in [*lines, *more] if line))

    def _settle_ledger(self, holder: FileHolder) -> tuple[bool, int]:
        """Choose the ledger (the current one if it continues the backup's), open it, and record the restore in it."""
        kept = self._continues()
        folder = self._staging.ledger_dir
        if kept and self._current is not None:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._current.ledger_dir, folder, symlinks=True)
        seen = {point.origin: point for point in map(_checkpoint, self._checkpoints.values())}
        keys = LedgerKeys.of_installation(bytes(holder.derive(Purpose.LEDGER)))
        with Ledger.open(LocalStorage(folder), keys, seen=seen.get) as ledger:
            entries = ledger.size
            detail = {"what": "restore", "made_at": self._reader.head.made_at}
            ledger.append([
                Entry(
                    time_us=wall_clock(), kind=EntryKind.BACKUP, tenant=slug, actor="shell", detail=detail,
                    purpose=LedgerPurpose.MAINTENANCE,
                )
                for slug in _tenants()
            ])  # fmt: skip
        return kept, entries

    def _before_rollover(self) -> bool:
        """Tell whether the current root key replaced the backup's one; the ledger continues over a rollover."""
        return self._current is not None and self._reader.head.key_id in rollover.earlier_ids(
            self._current.key_file
        )

    def _continues(self) -> bool:
        if self._current is None or not self._current.key_file.exists():
            return False
        try:
            key_id = msgspec.json.decode(self._current.key_file.read_bytes())["key_id"]
        except (msgspec.MsgspecError, KeyError, TypeError, OSError):
            return False
        if key_id != self._reader.head.key_id and not self._before_rollover():
            return False
        there = signed_checkpoints(self._current.ledger_dir)
        try:
            return all(
                name in there and there[name][0] >= _checkpoint(note).size
                for name, note in self._checkpoints.items()
            )
        except LedgerError:
            return False


def _checkpoint(note: bytes) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text)


def _tenants() -> list[str]:
    from waybillguard.service.tenancy.models import Tenant

    return list(Tenant.objects.order_by("pk").values_list("slug", flat=True))


def _holds_data(connection: Any) -> bool:  # noqa: ANN401
    from waybillguard.service.identity.models import User

    with connection.cursor() as cursor:
        there = User._meta.db_table in connection.introspection.table_names(cursor)  # noqa: SLF001
    return there and User.objects.exists()
