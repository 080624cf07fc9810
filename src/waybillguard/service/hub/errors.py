"""Errors of the hub."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError
from waybillguard.service.identity.devices.errors import DeviceError


class HubError(WaybillGuardError):
    """Something about the hub that the person can put right."""

    code: ClassVar[str] = "hub"


class StaleError(DeviceError):
    """A posture that is not newer than the last one taken in, or made at another time than now."""

    code: ClassVar[str] = "posture_stale"
    status: ClassVar[int] = 409


def stale() -> StaleError:
    """Make the error for a posture that was sent before, or is not of this hour."""
    return StaleError(
        zh="上报未收下：序号不大于上次，或时间偏差超过一小时。请核对时钟；若密钥被复制，请重新登记。",
        en="the report was not taken in: its number is not above the last, or its time is over an hour off. Check "
        "the clock; if the key was copied, enrol again.",
    )


def not_a_hub() -> HubError:
    """Make the error for a page of the hub on an installation that is none."""
    return HubError(
        zh="本系统未作为辖区中心运行。请负责人在“辖区设置”中开启。",
        en="this installation is not a town's hub. An owner turns it on under Town settings.",
    )


def no_seat() -> HubError:
    """Make the error for somebody who sits for no authority."""
    return HubError(
        zh="您还没有所属单位，不能办理案件。请负责人在“辖区设置”中指定。",
        en="you sit for no authority yet and cannot work on cases. An owner assigns one under Town settings.",
    )
