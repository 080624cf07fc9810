"""Whether a service runs on a data folder: keyd holds the ledger's lock for as long as it lives."""

import fcntl
import os

from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.platform.config import Config


def refuse_running(config: Config) -> None:
    """Raise `BackupError` if a service runs on the folder: keyd holds the ledger's lock."""
    try:
        descriptor = os.open(config.ledger_dir / "writer.lock", os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BackupError(
            zh=f"数据目录 {config.data_dir} 上的服务正在运行。请先停止服务，再重试。",
            en=f"a service runs on the data folder {config.data_dir}. Stop it first, then try again.",
        ) from None
    finally:
        os.close(descriptor)
