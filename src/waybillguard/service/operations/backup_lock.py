"""Whether a service runs on a data folder: every process of it holds the folder's lock, keyd the ledger's too."""

import fcntl
import os
from pathlib import Path

from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.platform.config import Config


def refuse_running(config: Config) -> None:
    """Raise `BackupError` while any process of a service lives on the folder."""
    for path in (config.service_lock, config.ledger_dir / "writer.lock"):
        _refuse_held(config, path)


def _refuse_held(config: Config, path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDWR)
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
