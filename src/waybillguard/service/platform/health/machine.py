"""Check disk space, the clock, and processes left by an earlier run."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from waybillguard.service.platform.config import Config
from waybillguard.service.platform.health.check import Check, State
from waybillguard.service.platform.lifeline import FolderLock

LITTLE_ROOM: Final = 2 << 30
NO_ROOM: Final = 256 << 20
_BUILT: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""The build date of this version; an earlier clock is wrong."""
_SILENT: Final = timedelta(days=120)
_SLACK: Final = timedelta(minutes=10)


def disk(config: Config) -> Check:
    """Check the free space on the disk of the data folder."""
    free = shutil.disk_usage(_nearest(config.data_dir)).free
    room = f"{free / 2**30:.1f} GiB"
    if free >= LITTLE_ROOM:
        return Check("disk", State.GOOD, f"磁盘剩余 {room}", f"{room} of disk are free")
    do_zh = "请清理磁盘或更换更大的磁盘：先移走旧备份，再删除数据目录旁的 *.before-* 文件夹。"
    do_en = "Make room: move old backups away, then the *.before-* folders beside the data folder."
    if free >= NO_ROOM:
        return Check("disk", State.WARNING, f"磁盘只剩 {room}", f"only {room} of disk are free", do_zh, do_en)
    return Check(
        "disk", State.DAMAGED, f"磁盘已满（剩余 {room}），无法写入新数据", f"the disk is full ({room} free); nothing new "
        "can be written", do_zh, do_en,
    )  # fmt: skip


def clock(config: Config, now: datetime) -> Check:
    """Compare the clock with the newest file that this installation wrote."""
    newest = max(
        (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in _written(config)), default=_BUILT
    )
    do_zh, do_en = (
        "请校准系统时间（启用 NTP）后再启动服务。",
        "Set the clock (turn on NTP) before the service starts.",
    )
    if now < _BUILT or now < newest - _SLACK:
        return Check(
            "clock", State.WARNING, f"系统时间 {now:%Y-%m-%d %H:%M} 早于最近一次写入 {newest:%Y-%m-%d %H:%M} (UTC)",
            f"the clock says {now:%Y-%m-%d %H:%M}, earlier than the last write at {newest:%Y-%m-%d %H:%M} (UTC)",
            do_zh, do_en,
        )  # fmt: skip
    if now - newest > _SILENT:
        return Check(
            "clock", State.WARNING, f"距上次写入已 {(now - newest).days} 天：长期停用，或系统时间快了",
            f"{(now - newest).days} days since the last write: a long rest, or a clock that runs ahead", do_zh, do_en,
        )  # fmt: skip
    return Check("clock", State.GOOD, "系统时间合理", "the clock is plausible")


def processes(config: Config) -> Check:
    """Check whether a service runs on the folder, or processes without a supervisor."""
    supervisor = supervisor_of(config)
    holders = [pid for pid in FolderLock(config.service_lock).holders() if pid != os.getpid()]
    if supervisor in holders:
        return Check(
            "processes",
            State.GOOD,
            f"服务正在运行（{len(holders)} 个进程）",
            f"the service runs ({len(holders)} processes)",
        )
    if not holders:
        return Check(
            "processes", State.GOOD, "服务未运行，无残留进程", "no service runs, and nothing was left behind"
        )
    named = ", ".join(map(str, holders))
    return Check(
        "processes", State.WARNING, f"上次运行残留的进程：{named}", f"processes that an earlier run left behind: {named}",
        "重新运行 waybillguard up，会先结束它们。", "Run waybillguard up: it ends them first.",
    )  # fmt: skip


def supervisor_of(config: Config) -> int:
    """Return the pid of the supervisor recorded in the folder; 0 if there is none."""
    try:
        return int(json.loads(config.run_file.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return 0


def _written(config: Config) -> list[Path]:
    found = [config.database, Path(f"{config.database}-wal"), config.people_file]
    return [path for path in (*found, *config.ledger_dir.glob("*/seg-*")) if path.is_file()]


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
