"""Errors of policy versions."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PolicyVersionError(WaybillGuardError):
    """A version cannot be saved, tried or put in force; the policies in force stay."""

    code: ClassVar[str] = "policy_version"


class DeniedError(PolicyVersionError):
    """The policies in force do not let this person change them now."""

    code: ClassVar[str] = "denied"


class LimitsError(PolicyVersionError):
    """What was entered are no limits."""

    code: ClassVar[str] = "limits"


class RestrictionError(WaybillGuardError):
    """A restriction that cannot be set or lifted as asked; nothing was changed."""

    code: ClassVar[str] = "restriction"
