"""Atomic files, and a lock for changing a folder of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import msgspec

from waybillguard.events.errors import EventsUnreadableError

try:
    import fcntl
except ImportError:  # Windows: one writing process per folder, which the service ensures
    fcntl = None  # type: ignore[assignment]

MANIFEST = "merged.json"
SCRATCH = ".arriving"


class Pending(msgspec.Struct, frozen=True):
    """A merge in progress: once ``file`` exists it replaces all of ``replaces``, before that none."""

    file: str
    replaces: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True):
    """State of a day's parts: the names merged into its one file, and a merge in progress."""

    v: int = 1
    merged: tuple[str, ...] = ()
    pending: Pending | None = None


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock; waits for other holders in this or another process."""
    root.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def scratch(root: Path) -> Path:
    """Return a new name in the folder for unfinished files; no Parquet pattern matches it."""
    folder = root / SCRATCH
    folder.mkdir(parents=True, exist_ok=True)
    return folder / uuid4().hex


def sweep(root: Path) -> None:
    """Remove unfinished files of killed writers; call only if no other writer is running."""
    for left in sorted((root / SCRATCH).glob("*"), reverse=True):
        with suppress(OSError):
            left.unlink()


def publish(unfinished: Path, final: Path, *, durable: bool) -> None:
    """Rename a finished file to its final name, replacing an older one; synced to disk if ``durable``."""
    final.parent.mkdir(parents=True, exist_ok=True)
    if durable:
        _sync(unfinished)
    unfinished.replace(final)
    if durable:
        _sync(final.parent)


def read_manifest(day: Path) -> Manifest:
    """Return the state of a day's parts.

    Raises:
        EventsUnreadableError: the manifest is damaged.
    """
    try:
        return msgspec.json.decode((day / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except msgspec.MsgspecError:
        raise EventsUnreadableError(
            zh=f"{day.parent.name}/{day.name}/{MANIFEST} 已损坏，无法判断哪些事件已合并。请从备份恢复该文件夹。",
            en=f"{day.parent.name}/{day.name}/{MANIFEST} is damaged, so it cannot be told which events are merged. "
            "Restore that folder from a backup.",
        ) from None


def write_manifest(root: Path, day: Path, manifest: Manifest) -> None:
    """Replace the manifest of a day durably."""
    unfinished = scratch(root)
    unfinished.write_bytes(msgspec.json.encode(manifest))
    publish(unfinished, day / MANIFEST, durable=True)


def live_parts(day: Path) -> list[Path]:
    """Return the Parquet files that make up a day now, ignoring leftovers of a killed merge."""
    names = sorted(entry.name for entry in os.scandir(day) if entry.name.endswith(".parquet"))
    if len(names) > 1 and (pending := read_manifest(day).pending) is not None and pending.file in names:
        names = [name for name in names if name not in pending.replaces]
    return [day / name for name in names]


def finish_merge(root: Path, day: Path) -> Manifest:
    """Complete or undo a killed merge; call only under the lock. Returns the resulting manifest."""
    manifest = read_manifest(day)
    pending = manifest.pending
    if pending is None:
        return manifest
    merged = manifest.merged
    if (day / pending.file).exists():
        for name in pending.replaces:
            (day / name).unlink(missing_ok=True)
        merged = tuple(sorted({*merged, *(one for one in pending.replaces if one.startswith("part-"))}))
    manifest = Manifest(merged=merged)
    write_manifest(root, day, manifest)
    return manifest


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():  # Windows cannot open a folder for syncing
        return
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
