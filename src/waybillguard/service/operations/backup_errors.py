"""Errors of backup, restore and move."""

from waybillguard.errors import WaybillGuardError


class BackupError(WaybillGuardError):
    """A backup cannot be made, read or restored; existing data is unchanged."""

    code = "backup"


def damaged(what: str = "") -> BackupError:
    """Make the error for an incomplete or damaged backup; ``what`` names the part."""
    part = f" ({what})" if what else ""
    return BackupError(
        zh=f"备份文件不完整或被改动{part}，未恢复任何内容。请换用另一份备份；原有数据未受影响。",
        en=f"the backup is not whole or was altered{part}; nothing was restored. Use another backup; "
        "what was there before is untouched.",
    )
