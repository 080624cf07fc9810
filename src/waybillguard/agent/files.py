"""Files of the station: readable only by this user, and written atomically."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from waybillguard.agent.errors import StationError


def private_folder(path: Path) -> Path:
    """Make a folder that only this user can access.

    Raises:
        StationError: the folder belongs to another user, or is open to everybody as ``/tmp`` is.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.stat()
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & stat.S_ISVTX):
        raise StationError(
            zh=f"目录 {path} 属于其他用户或为所有用户共用，代理未启动。请更换 --home 或修正其属主。",
            en=f"the folder {path} belongs to another user, or to all; the agent did not start. "
            "Give another --home or correct its owner.",
        )
    path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 atomically and durably."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a new file name durable: if the name were lost, data appended to the file later would be lost with it."""
    if os.name != "posix":  # Windows cannot open a folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path) -> bytes:
    """Read a file that only this user may read.

    Raises:
        StationError: other users may read it.
        FileNotFoundError: it does not exist.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise StationError(
            zh=f"文件 {path} 可被其他用户读取，未使用其中的密钥。请执行 chmod 600 {path}，并考虑重新登记设备。",
            en=f"others can read {path}; the key in it was not used. Run chmod 600 {path}, "
            "and consider enrolling the device anew.",
        )
    return path.read_bytes()


@contextlib.contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Lock a folder for this process, because two agents on one journal would print labels twice.

    Raises:
        StationError: another agent holds the lock.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not on Windows

            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StationError(
                    zh=f"另一个代理正在使用 {folder}，本次未启动。",
                    en=f"another agent uses {folder}; this one did not start.",
                ) from None
        yield
    finally:
        os.close(descriptor)
