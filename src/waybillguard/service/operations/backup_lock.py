"""Locks between the service and maintenance: no restore or move while a service runs, and no start meanwhile.

Every process of a service holds the folder's lock; keyd also holds the ledger's. A restore or move holds a third one,
which is checked at every start.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waybillguard.errors import reason_in_chinese
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.platform.config import Config


@contextmanager
def at_rest(config: Config) -> Iterator[None]:
    """Prevent every service from running on the existing folder until the end of the block.

    Raises:
        BackupError: a service runs on it, another restore or move is in progress, or the folder cannot be written.
    """
    try:
        descriptor = os.open(config.maintenance_lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BackupError(
            zh=f"无法写入数据目录 {config.data_dir}（{reason_in_chinese(error)}）。请以运行服务的用户执行。",
            en=f"the data folder {config.data_dir} cannot be written ({error.strerror}). Run this as the user of the service.",
        ) from None
    try:
        _take(config, descriptor)
        refuse_running(config)
        yield
    finally:
        os.close(descriptor)


def refuse_running(config: Config) -> None:
    """Raise `BackupError` if any process of a service uses the folder."""
    for path in (config.service_lock, config.ledger_dir / "writer.lock"):
        _refuse_held(config, path)


def refuse_maintenance(config: Config) -> None:
    """Raise `BackupError` if a restore or move of the folder is in progress."""
    try:
        descriptor = os.open(config.maintenance_lock, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        _take(config, descriptor)
    finally:
        os.close(descriptor)


def _take(config: Config, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BackupError(
            zh=f"数据目录 {config.data_dir} 正在恢复或迁移。请等它结束，再重试。",
            en=f"the data folder {config.data_dir} is being restored or moved. Wait for its end, then try again.",
        ) from None


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
