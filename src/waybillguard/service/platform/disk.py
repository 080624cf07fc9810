"""A full disk: recognised wherever it shows, and said in the same words everywhere."""

import shutil
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Final

# Below this neither the database nor the ledger finds room for its journal.
NO_ROOM: Final = 1 << 20
WORDS: Final = (
    "服务所在的磁盘已满。已经收到的数据都在，这一次的操作没有执行；释放空间后自动恢复，请再试一次。",
    (
        "the disk of the service is full. What was received before is kept, what you just did was not done; the service "
        "goes on by itself once there is room. Then try again."
    ),
)

_CODES: Final = frozenset({ENOSPC, EDQUOT, EFBIG})
_TEXTS: Final = ("database or disk is full", "No space left on device")
# What SQLite says where a journal finds no room to be made; then the disk is asked.
_UNCLEAR: Final = ("unable to open database file", "disk I/O error")


def room(folder: Path) -> int:
    """Return the bytes that the service may still write beside ``folder``."""
    place = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(place).free


def is_full(error: BaseException | None, folder: Path) -> bool:
    """Say whether an error, or what led to it, is that of a full disk; ``folder`` is the data folder."""
    while error is not None:
        text = str(error)
        if (isinstance(error, OSError) and error.errno in _CODES) or any(known in text for known in _TEXTS):
            return True
        if any(known in text for known in _UNCLEAR) and room(folder) < NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False
