"""Errors of the agent. None contains any content of a job."""

from waybillguard.errors import WaybillGuardError


class AgentError(WaybillGuardError):
    """Base of all errors at the print station."""

    code = "agent"


class SealedJobError(AgentError):
    """A job does not open with this device's key, or its description was altered in transit."""

    code = "sealed_job"


class SignatureError(AgentError):
    """A request is not signed correctly; ``code`` on the instance names the fault."""

    code = "bad_signature"


class ClockSkewError(SignatureError):
    """The signature is right, but the sender's clock is off."""

    code = "clock_skew"


def bad_signature() -> SignatureError:
    """Make the error for a missing, malformed or wrong signature, without saying which."""
    return SignatureError(
        zh="设备签名缺失或不正确，请求未执行。请确认设备已登记，且经过的代理未改动请求。",
        en="the device's signature is missing or wrong; nothing was done. "
        "Check that the device is enrolled and that no proxy on the way changes requests.",
    )


def clock_skew(seconds: int) -> ClockSkewError:
    """Make the error for a clock that is ``seconds`` ahead (or behind, when negative)."""
    return ClockSkewError(
        zh=f"设备时钟与服务器相差 {abs(seconds)} 秒，请求未执行。请校准设备时间（NTP）。",
        en=f"the device's clock differs by {abs(seconds)} seconds; nothing was done. Set it by NTP.",
    )


class StationError(AgentError):
    """The station is not set up correctly; nothing was printed."""

    code = "station"


class NotListeningError(StationError):
    """ERPs cannot be served now: the port is in use or the certificate cannot be read. A later attempt may succeed."""

    code = "not_listening"


class UnreachableError(AgentError):
    """The service does not answer; outcomes are stored and reported later."""

    code = "unreachable"


class RefusedError(AgentError):
    """The service refused the request; ``reason`` is its machine-readable code."""

    code = "refused"

    def __init__(self, *, zh: str, en: str, reason: str = "", status: int = 0) -> None:
        super().__init__(zh=zh, en=en)
        self.reason = reason
        self.status = status


def not_enrolled() -> StationError:
    """Make the error for a station without an enrolment."""
    return StationError(
        code="not_enrolled",
        zh="本机尚未登记。请负责人在“设备”页生成登记码，然后运行：waybillguard agent enrol 登记码 --server 地址",
        en="this machine is not enrolled. An owner makes a code on the Devices page; then run: "
        "waybillguard agent enrol CODE --server URL",
    )


def unreachable() -> UnreachableError:
    """Make the error for a service that does not answer."""
    return UnreachableError(
        zh="服务没有应答，稍后自动重连。已打印的记录保存在本机，恢复后补报。",
        en="the service does not answer; the agent reconnects by itself. What was printed is remembered and told later.",
    )


def wrong_authority() -> AgentError:
    """Make the error for an authority that the code does not name."""
    return AgentError(
        code="wrong_authority",
        zh="服务器出示的证书颁发机构与登记码不符，登记码未发送。可能地址填错，或有人冒充服务器。请核对 --server。",
        en="the server's certificate authority is not the one the code names; the code was not sent. The address "
        "may be wrong, or somebody poses as the server. Check --server.",
    )
