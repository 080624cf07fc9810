"""Create or check the data folder at a start: private to this user, and never a folder with other content.

The folder becomes readable by one user only: ``up --data /``, run by root, would make the machine unusable.
"""

from pathlib import Path
from typing import Final

from waybillguard.errors import reason_in_chinese
from waybillguard.service.operations.start_errors import StartError
from waybillguard.service.platform.config import ensure_private_dir
from waybillguard.service.platform.disk import is_full

_OURS: Final = frozenset(
    {"service.lock", "database", "keyd", "waybillguard.sqlite3", "spool", "tls", "events", "evidence", "notices.json",
     "platform-logs", "prepared"}
)  # fmt: skip
_NOBODYS: Final = ("lost+found", ".temporary", ".maintenance.lock", ".Trash", ".snapshot")


def refuse_foreign_folder(folder: Path, *, replaced: bool = False) -> None:
    """Raise `StartError` for a folder that holds only files of other programs; an empty or missing one is accepted.

    A folder that is already private to this user is accepted too, unless it is to be ``replaced`` as a whole.
    """
    if not folder.is_dir():
        if folder.exists():
            raise StartError(
                zh=f"{folder} 不是目录。请用 --data 指定一个目录。",
                en=f"{folder} is no folder. Name one with --data.",
            )
        return
    try:
        names = {path.name for path in folder.iterdir() if not path.name.startswith(_NOBODYS)}
    except PermissionError:
        raise _not_ours(folder) from None
    private = not replaced and not folder.stat().st_mode & 0o077
    if names and not names & _OURS and not private:
        raise StartError(
            zh=f"{folder} 中有其他文件，不是面单卫士的数据目录，未做任何更改。请用 --data 指定一个空目录，例如 {folder / 'waybillguard'}。",
            en=f"{folder} holds other things and is no data folder of Waybill Guard; nothing was changed. Name an empty folder "
            f"with --data, such as {folder / 'waybillguard'}.",
        )


def make_data_folder(folder: Path) -> None:
    """Create the folder, private to this user.

    Raises:
        StartError: the folder belongs to another user or is open to all users, or cannot be made.
        OSError: the disk is full.
    """
    try:
        ensure_private_dir(folder)
    except PermissionError:
        raise _not_ours(folder) from None
    except OSError as error:
        if is_full(error, folder.parent):
            raise
        raise StartError(
            zh=f"无法建立数据目录 {folder}（{reason_in_chinese(error)}）。请用 --data 指定别处。",
            en=f"the data folder {folder} cannot be made ({error.strerror}). Name another place with --data.",
        ) from None


def _not_ours(folder: Path) -> StartError:
    return StartError(
        zh=f"目录 {folder} 属于其他用户，或为所有用户共用，服务没有启动。请用 --data 指定自己的目录。",
        en=f"the folder {folder} belongs to another user, or to all: the service did not start. Name a folder of your own with "
        "--data.",
    )
