"""SQLite's words for a full disk, said as the system says it for files."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Final

FULL: Final = frozenset({ENOSPC, EDQUOT, EFBIG})
"""How the system says that there is no room."""
_NO_ROOM: Final = 64 * 1024


@contextmanager
def full_said_as_files_do(folder: Path) -> Iterator[None]:
    """Turn SQLite's word for a full disk into the system's: whoever sees it may go on once there is room.

    A journal that finds no room to be made is "unable to open" or an I/O error to SQLite; then the disk is asked.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & 0xFF
        unclear = code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
        if code != sqlite3.SQLITE_FULL and not (unclear and shutil.disk_usage(folder).free < _NO_ROOM):
            raise
        raise OSError(ENOSPC, os.strerror(ENOSPC)) from error
