"""Errors about devices, each with the HTTP status that the API returns."""

from waybillguard.errors import WaybillGuardError


class DeviceError(WaybillGuardError):
    """Base class of errors about devices."""

    code = "device"
    status = 422

    def __init__(self, *, zh: str, en: str, code: str = "", status: int = 0) -> None:
        super().__init__(zh=zh, en=en, code=code)
        if status:
            self.status = status


def compatibility_off() -> DeviceError:
    """Make the error for an ERP that is not allowed."""
    return DeviceError(
        code="compatibility_off",
        status=403,
        zh="未对此 ERP 启用兼容模式，收件人信息未接收。请负责人在“兼容模式”页启用，或让 ERP 按单号打印。",
        en="compatibility mode is off for this ERP; no consignee was taken in. An owner turns it on under "
        "Compatibility mode, or the ERP prints by number.",
    )


def compatibility_refused() -> DeviceError:
    """Make the error for a station that people work on."""
    return DeviceError(
        code="compatibility_refused",
        zh="该设备是打印电脑（station），不能启用兼容模式：收件人信息会经过有人操作的电脑。"
        "请在打印机旁的小盒子或服务器上运行代理后再启用。",
        en="this device is a print station, where somebody works: consignees would pass through that computer. "
        "Run the agent on a box beside the printer or on a server, then turn the mode on.",
    )


def compatibility_unfit() -> DeviceError:
    """Make the error for a browser, or an agent that has not reported its platform yet."""
    return DeviceError(
        code="compatibility_refused",
        zh="该设备不是小盒子或服务器上的代理，未启用兼容模式。请先在小盒子或服务器上登记并运行代理。",
        en="the device is no agent on a box or a server; nothing was turned on. Enrol and run one there first.",
    )


def compatibility_device() -> DeviceError:
    """Make the error for a restricted or revoked device."""
    return DeviceError(
        code="compatibility_refused",
        zh="该设备已被限制或吊销，未启用兼容模式。",
        en="the device is restricted or revoked; nothing was turned on.",
    )


def replayed() -> DeviceError:
    """Make the error for a replayed request."""
    return DeviceError(
        code="replayed",
        status=401,
        zh="该请求已收到过，未重复执行。如非网络重发，请检查设备是否被复制。",
        en="this very request came before and was not carried out again. "
        "If no relay resends requests, check whether the device was copied.",
    )


def restricted() -> DeviceError:
    """Make the error for a restricted device."""
    return DeviceError(
        code="device_restricted",
        status=403,
        zh="该设备已被限制，不能领取任务。请联系负责人在“设备”页解除。",
        en="this device is restricted and gets no work. Ask an owner to lift it on the Devices page.",
    )


def revoked() -> DeviceError:
    """Make the error for a revoked device."""
    return DeviceError(
        code="device_revoked",
        status=403,
        zh="该设备的登记已吊销。如需继续使用，请由负责人发放新的登记码后重新登记。",
        en="this device's enrolment was revoked. To use it again, enrol it with a new code from an owner.",
    )


def code_unknown() -> DeviceError:
    """Make the error for a code that is not valid for enrolment."""
    return DeviceError(
        code="code_unknown",
        status=403,
        zh="登记码无效、已使用或已过期（15 分钟内有效，仅可用一次）。请在“设备”页重新生成。",
        en="the enrolment code is unknown, used or out of time (it works once, for 15 minutes). "
        "Make a new one on the Devices page.",
    )


def not_a_message(where: str) -> DeviceError:
    """Make the error for an invalid message; ``where`` names the place in the body, never a value."""
    return DeviceError(
        code="invalid",
        zh=f"消息格式不符合要求（{where}），未做任何更改。请确认代理程序与服务版本一致。",
        en=f"the message is not as required ({where}); nothing was changed. "
        "Check that agent and service are of matching versions.",
    )


def not_in_this_state() -> DeviceError:
    """Make the error for an action that the device's state does not allow."""
    return DeviceError(
        code="not_now",
        zh="该设备当前状态不允许此操作，未做任何更改",
        en="the device's state does not allow this; nothing changed",
    )


def no_authority() -> DeviceError:
    """Make the error for a service without a certificate authority."""
    return DeviceError(
        code="no_authority",
        zh="本服务尚无证书颁发机构，无法生成登记码。请用 waybillguard up 启动服务（首次启动时生成）。",
        en="this service has no certificate authority yet, so no code can be made. "
        "Start it with `waybillguard up`, which makes one.",
    )


def task_reused() -> DeviceError:
    """Make the error for a task number that was already used for other labels."""
    return DeviceError(
        code="task_reused",
        zh="此 taskID 已用于另一批面单；请换新的 taskID。本次未打印。",
        en="this taskID was used for other labels; take a new one. Nothing was printed.",
    )


def nobody_prints() -> DeviceError:
    """Make the error for a device whose holder may no longer print."""
    return DeviceError(
        code="not_printed",
        zh="登记该设备的人已无打印权限，本次未打印。请由在职负责人重新登记该设备。",
        en="whoever this device prints for may not print any more; nothing was printed. Have an owner enrol it anew.",
    )


def unknown_printer() -> DeviceError:
    """Make the error for a printer that the device has not reported."""
    return DeviceError(
        code="not_printed",
        zh="该工位没有这台打印机，本次未打印。请使用 getPrinters 列出的名称。",
        en="this station has no such printer; nothing was printed. Use a name that getPrinters gives.",
    )
