"""The file format of a backup (docs/formats.md, "Backup").

``"WBGB" ‖ version 1 ‖ u32(length) ‖ head JSON ‖ sealed file``. The head holds the sealed key file and the
archive's own key, wrapped by the root key; everything else is a sealed file (STREAM) of frames. Without the
passphrase, the file reveals only the time it was made, the id of its root key, and its size.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self

import msgspec

from waybillguard.errors import reason_in_chinese
from waybillguard.keys.publishing import publish_new, sync_folder
from waybillguard.seal import SealError, StreamSealer, open_stream
from waybillguard.service.operations.backup_errors import BackupError, damaged

MAGIC: Final = b"WBGB"
VERSION: Final = 1
_PREFIX: Final = Struct(">4sBI")
_LENGTH: Final = Struct(">I")
_MOST_HEAD: Final = 64 * 1024
_MOST_FRAME: Final = 64 * 1024 * 1024
_encode = msgspec.msgpack.Encoder().encode


class ArchiveHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The unencrypted head: the sealed key file, and the archive's key wrapped by the root key."""

    kind: Literal["waybillguard-backup"]
    made_at: str
    key_id: str
    key_file: str
    wrapped: str


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """One frame: ``kind`` is manifest, table, rows, file, data or end; ``value`` depends on it."""

    kind: str
    name: str
    value: Any


def archive_context(head: bytes) -> bytes:
    """Return the associated data that binds the sealed part to its head, so that the head cannot be replaced."""
    return b"waybillguard-backup/1" + head


class ArchiveWriter:
    """Writes a backup to a temporary file and renames it to ``target`` once complete; use as a context manager.

    Args:
        target: path of the backup; an existing file is never overwritten.
        head: the unencrypted head.
        key: the archive's 32-byte key.

    Raises:
        BackupError: ``target`` exists, or cannot be written (disk full).
    """

    def __init__(self, target: Path, head: ArchiveHead, key: bytes) -> None:
        self._target = target
        self._part = target.with_name(f".{target.name}.part")
        if os.path.lexists(target):
            raise BackupError(
                zh=f"{target} 已存在，不会覆盖。请换一个文件名。",
                en=f"{target} is there already and is never overwritten. Choose another name.",
            )
        raw = msgspec.json.encode(head)
        self._sealer = StreamSealer(key, archive_context(raw))
        self.size = 0
        try:
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            self._handle: BinaryIO = os.fdopen(descriptor, "wb")
            self._handle.write(_PREFIX.pack(MAGIC, VERSION, len(raw)) + raw)
        except OSError as error:
            raise _unwritable(target, error) from error

    def __enter__(self) -> Self:
        return self

    def add(self, piece: Piece) -> None:
        """Append a frame."""
        body = _encode(piece)
        try:
            self._handle.write(self._sealer.update(_LENGTH.pack(len(body)) + body))
        except OSError as error:
            raise _unwritable(self._target, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._handle.write(self._sealer.finish())
                self._handle.flush()
                os.fsync(self._handle.fileno())
                self.size = self._handle.tell()
                publish_new(self._part, self._target)
        except OSError as failure:
            raise _unwritable(self._target, failure) from failure
        else:
            if kind is None:
                self._make_durable()
        finally:
            with contextlib.suppress(OSError):  # disk full: drop the buffered data
                self._handle.close()
            self._part.unlink(missing_ok=True)

    def _make_durable(self) -> None:
        try:
            sync_folder(self._target.parent)
        except OSError as failure:
            raise BackupError(
                zh=f"备份 {self._target} 已完整写入，但磁盘未确认其文件名（{reason_in_chinese(failure)}），断电后可能丢失。请检查磁盘并验证该备份。",
                en=f"the backup {self._target} is written whole, but the disk did not confirm its name "
                f"({failure.strerror}): a power cut may lose it. Check the disk and verify the backup.",
            ) from failure


def _unwritable(target: Path, error: OSError) -> BackupError:
    return BackupError(
        zh=f"无法写入备份 {target}（{reason_in_chinese(error)}）。没有留下不完整的文件；请腾出空间或换一个位置。",
        en=f"the backup {target} cannot be written ({error.strerror}). No half file was left; make room or "
        "choose another place.",
    )


class ArchiveReader:
    """Reads a backup: the head on opening, the frames with the archive's key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as handle:
                prefix = handle.read(_PREFIX.size)
                if len(prefix) != _PREFIX.size:
                    raise damaged()
                magic, version, length = _PREFIX.unpack(prefix)
                if magic != MAGIC or length > _MOST_HEAD:
                    raise damaged()
                if version != VERSION:
                    raise BackupError(
                        zh=f"备份格式版本 {version} 不识：由更新版本写入或被改动。请升级程序后重试。",
                        en=f"unknown backup version {version}: written by a newer program, or altered. "
                        "Upgrade and try again.",
                    )
                self._raw_head = handle.read(length)
                self._start = handle.tell()
        except OSError as error:
            raise BackupError(
                zh=f"无法读取备份 {path}（{reason_in_chinese(error)}）",
                en=f"cannot read {path} ({error.strerror})",
            ) from error
        try:
            self.head = msgspec.json.decode(self._raw_head, type=ArchiveHead)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise damaged("head") from None

    def pieces(self, key: bytes) -> Iterator[Piece]:
        """Yield the verified frames; the backup is complete only if iteration ends normally after a piece ``end``.

        Raises:
            BackupError: the file is truncated or altered, or the key is wrong.
        """
        decode = msgspec.msgpack.Decoder(Piece).decode
        buffer = bytearray()
        last = ""
        with self._path.open("rb") as handle:
            handle.seek(self._start)
            try:
                for chunk in open_stream(key, handle, archive_context(self._raw_head)):
                    buffer += chunk
                    at = 0
                    while len(buffer) - at >= _LENGTH.size:
                        (length,) = _LENGTH.unpack_from(buffer, at)
                        if length > _MOST_FRAME:
                            raise damaged()
                        if len(buffer) - at - _LENGTH.size < length:
                            break
                        at += _LENGTH.size
                        piece = decode(bytes(buffer[at : at + length]))
                        at += length
                        last = piece.kind
                        yield piece
                    del buffer[:at]
            except (SealError, msgspec.MsgspecError):
                raise damaged() from None
        if buffer or last != "end":
            raise damaged()
