"""Gateways to a platform's log service: a folder for manual upload, or an installed gateway program.

A gateway program, which holds app keys and signs calls, registers under the entry-point group
``waybillguard.platform_gateways``: a callable that takes the shop (``PlatformShop``) and returns a ``LogGateway``.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
from django.conf import settings

from waybillguard.events import EventsError
from waybillguard.events.platformlogs import csv_text, jsonl_text
from waybillguard.service.activity.models import PlatformHandover, PlatformShop

GROUP: Final = "waybillguard.platform_gateways"
FILE: Final = "file"
ENDINGS: Final = ("jsonl", "csv")


class GatewayError(EventsError):
    """The platform cannot be reached now; waiting records are retried."""

    code = "platform_gateway"


class Answer(msgspec.Struct, frozen=True):
    """The platform's answer: accepted, or the reason (its own code, no record content)."""

    taken: bool
    reason: str = ""


class LogGateway(Protocol):
    """Delivers records to a platform. A name always stands for the same records, so a repeated call is harmless.

    It must time out within a minute: hand-overs run one after another, and a claim expires after two minutes.
    """

    def hand_over(self, name: str, method: str, bodies: Sequence[Mapping[str, Any]]) -> Answer:
        """Deliver records under a name.

        Raises:
            GatewayError: the platform cannot be reached now.
        """
        ...


class FileGateway:
    """Writes ``NAME.jsonl`` and ``NAME.csv`` to the shop's folder; a repeated name overwrites its files."""

    def __init__(self, shop: PlatformShop) -> None:
        self._folder = folder_of(shop)

    def hand_over(self, name: str, method: str, bodies: Sequence[Mapping[str, Any]]) -> Answer:
        """Write both files, each atomically."""
        told = [{"method": method, **body} for body in bodies]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for ending, text in zip(ENDINGS, (jsonl_text(told), csv_text(told)), strict=True):
                _write(self._folder / f"{name}.{ending}", text)
        except OSError as error:
            raise GatewayError(
                zh=f"平台日志文件写不进数据目录（{type(error).__name__}），记录仍在，没有丢失。请检查磁盘空间与权限。",
                en=f"the platform log cannot be written to the data folder ({type(error).__name__}); the records are kept, "
                "none is lost. Check disk space and rights.",
            ) from None
        return Answer(taken=True)


def folder_of(shop: PlatformShop) -> Path:
    """Return the folder of a shop's files."""
    return Path(settings.CONFIG.data_dir) / "platform-logs" / f"{shop.platform}-{shop.pk}"


def file_of(row: PlatformHandover, ending: str) -> Path:
    """Return the file of a hand-over."""
    return folder_of(row.shop) / f"{row.name}.{ending}"


def installed() -> tuple[str, ...]:
    """Return the names of the available gateways, the folder first."""
    return (FILE, *sorted({one.name for one in entry_points(group=GROUP)} - {FILE}))


def gateway_of(shop: PlatformShop) -> LogGateway:
    """Return the gateway of a shop's platform.

    Raises:
        GatewayError: the chosen gateway is no longer installed.
    """
    if shop.gateway == FILE:
        return FileGateway(shop)
    for one in entry_points(group=GROUP):
        if one.name == shop.gateway:
            make: Callable[[PlatformShop], LogGateway] = one.load()
            return make(shop)
    raise GatewayError(
        zh="所选的平台网关已不在本机，记录仍在等待。请重新安装网关程序，或改用文件方式。",
        en="the chosen gateway is not installed here any more; the records wait. Install it again, or choose files.",
    )


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(f"{path.suffix}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
