"""Two print PCs for the demo: one with a print tap installed at night, one clean. All data is invented."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils import timezone
from django_scopes import scope

from waybillguard.sensor.case import Settings
from waybillguard.sensor.examination import conclude
from waybillguard.sensor.observation import Observation
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.sensors.services import approve, take_report

PLANTED, CLEAN = "义乌打单电脑 2", "义乌打单电脑 1"
_PLACE = "C:\\ProgramData\\lblmon"


def fill(owner: User) -> None:
    """Scan both PCs with the real rules and store the reports; approve one tool that support uses."""
    tenant, now = tenant_of(owner), timezone.now()
    with scope(tenant=tenant):
        approve(owner, "TeamViewer", "ERP 售后", timezone.localdate() + timedelta(days=60), now)
        take_report(tenant, CLEAN, _scan(CLEAN, _support(now)), now, by=owner)
        take_report(tenant, PLANTED, _scan(PLANTED, _tap(now)), now, by=owner)


def _support(now: datetime) -> list[Observation]:
    day = timezone.localtime(now).replace(hour=14, minute=5, second=0, microsecond=0) - timedelta(days=12)
    path = "c:\\program files\\teamviewer\\teamviewer_service.exe"
    return [
        _seen("service_installed", "System", "88120", day, name="TeamViewer", path=path, command=path),
        _seen("service", "registry", "Services\\TeamViewer", day, name="TeamViewer", path=path, command=path),
    ]


def _tap(now: datetime) -> list[Observation]:
    dawn = timezone.localtime(now).replace(hour=4, minute=41, second=0, microsecond=0) - timedelta(days=6)
    seen = [
        _seen("boot", "System", "90211", dawn - timedelta(minutes=9), name="Kernel-General 12"),
        _seen("sign_in", "Security", "120077", dawn - timedelta(minutes=7), name="2", account="PC2\\dadan"),
        _seen("usb_storage", "setupapi.dev.log", "line 2210", dawn - timedelta(minutes=4), name="Generic Flash Disk"),
        _seen(
            "service_installed", "System", "90260", dawn, name="LabelHelperSvc", path=f"{_PLACE}.exe".lower(),
            command=f"{_PLACE}.exe -s", account="PC2\\dadan",
        ),
        _seen("print_monitor", "registry", "Print\\Monitors\\Label Helper", dawn, name="Label Helper", path=f"{_PLACE}.dll".lower()),
        _seen("program_run", "process list", "pid 4120", dawn + timedelta(minutes=1), name="lblmon.exe", path=f"{_PLACE}.exe".lower()),
        _seen("log_cleared", "System", "90266", dawn + timedelta(minutes=6), name="System", account="PC2\\dadan"),
    ]  # fmt: skip
    for days in range(6):
        start = dawn + timedelta(days=days, minutes=20)
        seen.append(
            _seen(
                "session",
                "sunlogin_service.log",
                f"line {400 + days}",
                start,
                tool="sunlogin",
                until=start + timedelta(minutes=31),
                origin="203.0.113.45",
            )
        )
    return seen


def _seen(kind: Any, file: str, record: str, when: datetime, **values: Any) -> Observation:  # noqa: ANN401
    return Observation(kind=kind, file=file, record=record, time=when, **values)


def _scan(machine: str, seen: list[Observation]) -> bytes:
    found, _ = conclude(seen, settings=Settings(offset=480))
    return msgspec.json.encode({"machine": machine, "system": "windows", **msgspec.to_builtins(found)})
