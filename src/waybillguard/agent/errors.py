"""Errors of the agent. None of them carries a word of a job."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class AgentError(WaybillGuardError):
    """Base of what can go wrong at the print station."""

    code: ClassVar[str] = "agent"


class EnrolCodeError(AgentError):
    """The enrolment code was mistyped, is from another version, or names another service."""

    code: ClassVar[str] = "enrol_code"


class SealedJobError(AgentError):
    """A job does not open with this device's key, or its description was changed on the way."""

    code: ClassVar[str] = "sealed_job"


class SignatureError(AgentError):
    """A request is not signed as it must be; ``code`` on the instance says in which way."""

    code: ClassVar[str] = "bad_signature"


class ClockSkewError(SignatureError):
    """The signature is right, but the sender's clock is off."""

    code: ClassVar[str] = "clock_skew"


def bad_signature() -> SignatureError:
    """Make the error for a missing, malformed or wrong signature; which of them is not said."""
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
