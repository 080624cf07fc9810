"""Report failures outside the program (disk, database) in both languages, for shell commands."""

import sys
from collections.abc import Callable
from typing import Final

from waybillguard.errors import WaybillGuardError, reason_in_chinese

REFUSED: Final = 2


def explained(work: Callable[[], None]) -> int:
    """Run ``work``; return 0, or print the reason and return `REFUSED`. Never prints the database's own messages."""
    from django.db import DatabaseError, InterfaceError

    try:
        work()
    except WaybillGuardError as error:
        zh, en = error.zh, error.en
    except (DatabaseError, InterfaceError) as error:
        kind = type(error).__name__
        zh = f"数据库没有应答或拒绝了请求（{kind}）。操作没有完成；请检查数据库与磁盘空间后重试。"
        en = f"the database does not answer or refused ({kind}). It was not done; check database and disk, then try again."
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        zh = f"无法读写{place}（{reason_in_chinese(error)}）。操作没有完成；请检查磁盘与权限后重试。"
        en = f"cannot read or write{place} ({error.strerror}). It was not done; check disk and permissions, then try again."
    else:
        return 0
    sys.stderr.write(f"{zh}\n{en}\n")
    return REFUSED
