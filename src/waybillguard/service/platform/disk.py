"""Detection of a full disk, with one message for all places where it occurs."""

import os
import shutil
from errno import ENOSPC
from pathlib import Path
from typing import Final

from waybillguard.ledger.fulldisk import FULL

# Free bytes that database and ledger need for their journals.
NO_ROOM: Final = 1 << 20
# Free bytes required to begin work that writes to the disk.
ENOUGH: Final = 4 << 20
CODE: Final = "disk_full"
WORDS: Final = (
    "服务所在的磁盘已满。已经收到的数据都在，这一次的操作没有执行；释放空间后自动恢复，请再试一次。",
    (
        "the disk of the service is full. What was received before is kept, what you just did was not done; the service "
        "goes on by itself once there is room. Then try again."
    ),
)
WAITS: Final = (
    (
        "服务所在的磁盘已满，正在等待空间。已收到的都在，未完成的部分没有生效；"
        "释放空间（例如移走旧备份和数据目录旁的 *.before-* 文件夹）后自动继续，无需重新操作。"
    ),
    (
        "the disk of the service is full, so this waits for room. What was received is kept, what was not finished has not "
        "happened. Free some space (move old backups away, and the *.before-* folders beside the data folder): it goes on "
        "by itself, there is nothing to do again."
    ),
)
"""Message for work that continues by itself once there is space."""

_TEXTS: Final = ("database or disk is full", "No space left on device")
# SQLite's messages if it cannot create a journal; the free space then decides.
_UNCLEAR: Final = ("unable to open database file", "disk I/O error")
_AWAY: Final = "keyd_unavailable"
"""The error code when keyd is down; keyd does not start without free space."""
_SERVER: Final = "53100"
"""PostgreSQL's error code disk_full (appendix A of its documentation), independent of the message language."""
_REFUSALS: Final = frozenset({CODE, "ledger_full"})
"""Error codes of keyd for a full disk."""


def room(folder: Path) -> int:
    """Return the free bytes available to the service on the disk of ``folder``."""
    place = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(place).free


def is_full(error: BaseException | None, folder: Path) -> bool:
    """Tell whether an error or one of its causes is due to a full disk; ``folder`` is the data folder."""
    while error is not None:
        text = str(error)
        if (isinstance(error, OSError) and error.errno in FULL) or any(known in text for known in _TEXTS):
            return True
        if getattr(error, "sqlstate", None) == _SERVER or getattr(error, "reason", None) in _REFUSALS:
            return True
        unclear = getattr(error, "code", "") == _AWAY or any(known in text for known in _UNCLEAR)
        if unclear and room(folder) < NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def refuse_without_room(folder: Path) -> None:
    """Raise `OSError` if too little space is left to begin work; ``folder`` is the data folder."""
    if room(folder) < ENOUGH:
        raise OSError(ENOSPC, os.strerror(ENOSPC))
