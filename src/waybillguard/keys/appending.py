"""Appends records to a file completely or not at all."""

import contextlib
import errno
import os


def append_whole(descriptor: int, content: bytes, *, durable: bool) -> None:
    """Append all of ``content`` to a file, or nothing; ``durable``: it is on the disk when this returns.

    On a full disk a write may be partial, which shows only in its byte count; the file is then truncated to its old
    length. Only one writer may append at a time, because truncating would also remove what another one appended.

    Raises:
        OSError: the content was not written completely; the file has its old length.
    """
    before = os.fstat(descriptor).st_size
    try:
        _write_all(descriptor, content)
        if durable:
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, before)
        raise


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest = rest[written:]
