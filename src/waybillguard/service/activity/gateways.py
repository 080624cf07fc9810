"""Ways to a platform's log service: a folder for uploading by hand, or what somebody has installed.

A program with app keys and signatures registers a gateway under the entry-point group ``waybillguard.platform_gateways``:
a callable that takes the shop (``PlatformShop``) and returns a ``LogGateway``.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import msgspec
from django.conf import settings

from waybillguard.events import EventsError
from waybillguard.events.platformlogs import csv_text, jsonl_text
from waybillguard.service.activity.models import PlatformHandover, PlatformShop

GROUP: Final = "waybillguard.platform_gateways"
FILE: Final = "file"
ENDINGS: Final = ("jsonl", "csv")


class GatewayError(EventsError):
    """The platform cannot be reached now; what waits is tried again."""

    code: ClassVar[str] = "platform_gateway"


class Answer(msgspec.Struct, frozen=True):
    """What the platform said: taken, or why not (its own code, nothing of a record)."""

    taken: bool
    reason: str = ""


class LogGateway(Protocol):
    """Hands records over. The same name means the same records, also when it comes twice.

    It gives up by itself within a minute: hand-overs go one after the other, and are another worker's after two.
    """

    def hand_over(self, name: str, method: str, bodies: Sequence[Mapping[str, Any]]) -> Answer:
        """Hand records over under a name.

        Raises:
            GatewayError: not now.
        """
        ...


class FileGateway:
    """Writes ``NAME.jsonl`` and ``NAME.csv`` into the shop's folder; a name that comes again replaces itself."""

    def __init__(self, shop: PlatformShop) -> None:
        self._folder = folder_of(shop)

    def hand_over(self, name: str, method: str, bodies: Sequence[Mapping[str, Any]]) -> Answer:
        """Write both files; each appears whole or not at all."""
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
    """Return where a shop's files lie."""
    return Path(settings.CONFIG.data_dir) / "platform-logs" / f"{shop.platform}-{shop.pk}"


def file_of(row: PlatformHandover, ending: str) -> Path:
    """Return the file of a hand-over."""
    return folder_of(row.shop) / f"{row.name}.{ending}"


def installed() -> tuple[str, ...]:
    """Return the names of gateways that can be chosen, the folder first."""
    return (FILE, *sorted({one.name for one in entry_points(group=GROUP)} - {FILE}))


def gateway_of(shop: PlatformShop) -> LogGateway:
    """Return the way to a shop's platform.

    Raises:
        GatewayError: it was installed once and is no longer, or does not start.
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
