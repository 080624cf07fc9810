"""Translate SQLite's errors for a full disk into the OSError that file operations raise."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Final

FULL: Final = frozenset({ENOSPC, EDQUOT, EFBIG})
"""The ``errno`` values of a full disk."""
_NO_ROOM: Final = 64 * 1024


@contextmanager
def disk_full_as_oserror(folder: Path) -> Iterator[None]:
    """Raise OSError for SQLite's full-disk errors, so that callers can continue once there is space.

    If there is no space to create a journal, SQLite reports "unable to open" or an I/O error; the free space of the
    disk then decides.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & 0xFF
        unclear = code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
        if code != sqlite3.SQLITE_FULL and not (unclear and shutil.disk_usage(folder).free < _NO_ROOM):
            raise
        raise OSError(ENOSPC, os.strerror(ENOSPC)) from error
