"""Lines of which the whole counts: what may not be opened again, what may have been printed."""

import contextlib
import errno
import os


def append_whole(descriptor: int, content: bytes, *, durable: bool) -> None:
    """Write all of it at the end of a file, or nothing; ``durable``: it is on the disk when this returns.

    A disk that fills up takes a part of a write and says so by its count alone. One writer at a time: cutting off
    what failed would take along what another wrote behind it.

    Raises:
        OSError: it was not written whole; the file is as long as before.
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
