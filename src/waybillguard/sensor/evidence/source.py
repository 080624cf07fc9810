"""Iterates over the files of a folder or a zip within limits; writes nothing and follows no links."""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from waybillguard.sensor.observation import Loss

_MIB = 1 << 20
_UTF8 = 1 << 11
"""Flag of a zip entry whose name is UTF-8 (APPNOTE 4.4.4)."""


class SourceLimits(msgspec.Struct, frozen=True):
    """Limits for the input of one examination.

    Attributes:
        max_files: total number of files, including those in zips.
        max_member: bytes of one file in a zip, which is held in memory.
        max_inflated: total bytes of all files in zips.
        max_ratio: ratio of a file's size to its compressed size in a zip.
        max_depth: depth of nested zips.
        max_losses: number of losses that are listed individually.
    """

    max_files: int = 200_000
    max_member: int = 192 * _MIB
    max_inflated: int = 8_192 * _MIB
    max_ratio: int = 1_000
    max_depth: int = 2
    max_losses: int = 5_000


class Member(msgspec.Struct):
    """One file of the evidence. ``path`` is set if the file is in a folder and can be opened by name.

    ``year`` is the year of the file's time, for logs without a year in their lines; 0 if unknown. ``beside`` opens
    another file of the same folder by its name, whatever its case; None if there is none that can be read.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: str = ""
    year: int = 0
    beside: Callable[[str], BinaryIO | None] = lambda _: None


class Source:
    """Walks the evidence in a fixed order.

    Attributes:
        losses: files that were left out, with the reason.
    """

    def __init__(self, paths: list[str], limits: SourceLimits | None = None) -> None:
        self.losses: list[Loss] = []
        self._paths = [Path(each) for each in paths]
        self._limits = limits or SourceLimits()
        self._files = self._inflated = 0

    def __iter__(self) -> Iterator[Member]:
        """Yield the files in an order that depends only on the evidence."""
        for path in self._paths:
            prefix = f"{_readable(path.name)}/" if len(self._paths) > 1 else ""
            if path.is_dir():
                yield from self._folder(path, prefix)
            else:
                yield from self._file(path, prefix + _readable(path.name), prefix.rstrip("/"))

    def _lose(self, name: str, reason: str) -> None:
        most = self._limits.max_losses
        if len(self.losses) < most:
            self.losses.append(Loss(file=name, reason=reason))
        elif len(self.losses) == most:
            self.losses.append(
                Loss(file="evidence", reason=f"more than {most} losses; no further one is named")
            )

    def _folder(self, root: Path, prefix: str) -> Iterator[Member]:
        def shown(path: Path) -> str:
            return prefix + _readable(path.relative_to(root).as_posix())

        def closed(error: OSError) -> None:
            self._lose(
                shown(Path(error.filename)), "a folder that cannot be opened; what is in it was not read"
            )

        for folder, folders, names in os.walk(root, followlinks=False, onerror=closed):
            folders.sort()
            for name in [each for each in folders if _is_link(Path(folder, each))]:
                folders.remove(name)
                self._lose(shown(Path(folder, name)), "a link; links are not followed")
            for name in sorted(names):
                path = Path(folder, name)
                yield from self._file(path, shown(path), shown(path))

    def _file(self, path: Path, shown: str, zip_name: str) -> Iterator[Member]:
        try:
            status = path.lstat()
        except OSError:
            self._lose(shown, "cannot be opened")
            return
        if stat.S_ISLNK(status.st_mode):
            self._lose(shown, "a link; links are not followed")
            return
        if not stat.S_ISREG(status.st_mode):
            self._lose(shown, "not a regular file")
            return
        if not self._counts(shown):
            return
        try:
            is_zip = _starts_with_zip(path)
        except OSError:
            self._lose(shown, "cannot be opened")
            return
        if is_zip:
            try:
                with zipfile.ZipFile(path) as archive:
                    yield from self._zip(archive, zip_name, 1)
            except MemoryError:
                self._lose(shown, "the zip's table of contents needs more memory than allowed")
            except Exception:  # noqa: BLE001 - whatever a hostile zip provokes; it must not hide the files after it
                self._lose(shown, "the zip is damaged or cut off; its table of contents cannot be read")
            return
        yield Member(
            shown,
            status.st_size,
            lambda: _open_plain(path),
            str(path) if _readable(str(path)) == str(path) else "",
            _year_of(status.st_mtime),
            lambda name: _open_beside(path, name),
        )

    def _zip(self, archive: zipfile.ZipFile, name: str, depth: int) -> Iterator[Member]:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            inner = _name_in_zip(entry).replace("\\", "/")
            shown = f"{name}/{_safe(inner)}" if name else _safe(inner)
            if inner.startswith("/") or ".." in PurePosixPath(inner).parts:
                self._lose(
                    shown,
                    "its name in the zip points outside; it was read under a safe name, nothing was written",
                )
            if not self._counts(shown) or not self._may_inflate(entry, shown):
                continue
            if entry.filename.lower().endswith(".zip") and depth >= self._limits.max_depth + 1:
                self._lose(shown, "zips lie too deep inside each other")
                continue
            try:
                data = _read_entry(archive, entry, self._limits.max_member)
            except (
                zipfile.BadZipFile,
                OSError,
                ValueError,
                NotImplementedError,
                RuntimeError,
                EOFError,
            ) as error:
                self._lose(
                    shown,
                    "damaged in the zip"
                    if not isinstance(error, NotImplementedError)
                    else "packed in a way that is not supported",
                )
                continue
            except Exception:  # noqa: BLE001 - zlib and lzma raise their own errors
                self._lose(shown, "damaged in the zip")
                continue
            self._inflated += len(data)
            if data[:4] == b"PK\x03\x04" and entry.filename.lower().endswith(".zip"):
                try:
                    with zipfile.ZipFile(io.BytesIO(data)) as inner_zip:
                        yield from self._zip(inner_zip, shown, depth + 1)
                except Exception:  # noqa: BLE001 - as for a zip in a folder
                    self._lose(shown, "the zip is damaged")
                continue
            yield Member(
                shown,
                len(data),
                lambda data=data: io.BytesIO(data),  # type: ignore[misc]
                year=entry.date_time[0],
                beside=lambda name, inner=inner: self._beside(archive, inner, name),  # type: ignore[misc]
            )

    def _beside(self, archive: zipfile.ZipFile, inner: str, name: str) -> BinaryIO | None:
        wanted = str(PurePosixPath(inner).with_name(name)).lower()
        for entry in archive.infolist():
            if _name_in_zip(entry).replace("\\", "/").lower() == wanted:
                with suppress(Exception):  # it is reported as a file of its own
                    return io.BytesIO(_read_entry(archive, entry, self._limits.max_member))
        return None

    def _counts(self, shown: str) -> bool:
        self._files += 1
        if self._files == self._limits.max_files + 1:
            self._lose(shown, f"more than {self._limits.max_files} files; the rest was not read")
        return self._files <= self._limits.max_files

    def _may_inflate(self, entry: zipfile.ZipInfo, shown: str) -> bool:
        limits = self._limits
        if entry.flag_bits & 1:
            self._lose(shown, "encrypted; the password is needed")
            return False
        if entry.file_size > limits.max_member:
            self._lose(
                shown, f"larger than {limits.max_member // _MIB} MiB in a zip; unpack it and give the folder"
            )
            return False
        if entry.file_size > _MIB and entry.file_size > limits.max_ratio * max(entry.compress_size, 1):
            self._lose(shown, "inflates beyond measure; not read")
            return False
        if self._inflated + entry.file_size > limits.max_inflated:
            self._lose(shown, "the zips inflate to more than allowed in all; not read")
            return False
        return True


def _readable(name: str) -> str:
    """Return a file name; if its bytes are not UTF-8, decode them as GBK, as used by Chinese Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _name_in_zip(entry: zipfile.ZipInfo) -> str:
    """Return a zip entry's name; if it is not marked as UTF-8, try UTF-8 and then GBK, as used by Chinese Windows."""
    if entry.filename.isascii() or entry.flag_bits & _UTF8:
        return _readable(entry.filename)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return entry.filename.encode("cp437").decode(encoding)
    return _readable(entry.filename)


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:
        return False  # the name is too long: opening the file fails later and is reported


def _year_of(time: float) -> int:
    """Return the year of a file's time; 0 for a year out of range (NTFS can hold the year 30828)."""
    try:
        return datetime.fromtimestamp(time, UTC).year
    except (OverflowError, ValueError, OSError):
        return 0


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(entry) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError("larger than it says")
    return data


def _starts_with_zip(path: Path) -> bool:
    with _open_plain(path) as stream:
        return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def _open_plain(path: Path) -> BinaryIO:
    return os.fdopen(
        os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb"
    )


def _open_beside(path: Path, name: str) -> BinaryIO | None:
    with suppress(OSError):
        for other in path.parent.iterdir():
            if other.name.lower() == name.lower() and other.is_file() and not other.is_symlink():
                return _open_plain(other)
    return None


def _safe(name: str) -> str:
    parts = [part for part in PurePosixPath(name).parts if part not in {"..", "/", "."}]
    return "/".join(parts) or "unnamed"
