"""Errors of the hub."""

from waybillguard.errors import WaybillGuardError
from waybillguard.service.identity.devices.errors import DeviceError


class HubError(WaybillGuardError):
    """An error of the hub that the user can correct."""

    code = "hub"


def stale() -> DeviceError:
    """Make the error for a report that was sent before, or whose time is off by more than an hour."""
    return DeviceError(
        code="posture_stale",
        status=409,
        zh="上报未收下：序号不大于上次，或时间偏差超过一小时。请核对时钟；若密钥被复制，请重新登记。",
        en="the report was not taken in: its number is not above the last, or its time is over an hour off. Check "
        "the clock; if the key was copied, enrol again.",
    )


def not_a_hub() -> HubError:
    """Make the error for a hub page on an installation that is not a hub."""
    return HubError(
        zh="本系统未作为辖区中心运行。请负责人在“辖区设置”中开启。",
        en="this installation is not a town's hub. An owner turns it on under Town settings.",
    )


def no_seat() -> HubError:
    """Make the error for a user who represents no authority."""
    return HubError(
        zh="您还没有所属单位，不能办理案件。请负责人在“辖区设置”中指定。",
        en="you sit for no authority yet and cannot work on cases. An owner assigns one under Town settings.",
    )
