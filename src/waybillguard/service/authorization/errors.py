"""Errors of policy versions."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PolicyVersionError(WaybillGuardError):
    """A version cannot be saved, tried or activated; the policies in force are unchanged."""

    code: ClassVar[str] = "policy_version"


class DeniedError(PolicyVersionError):
    """The policies in force do not allow this person to change them now."""

    code: ClassVar[str] = "denied"


class LimitsError(PolicyVersionError):
    """The entered limits are invalid."""

    code: ClassVar[str] = "limits"


class RestrictionError(WaybillGuardError):
    """A restriction cannot be set or lifted; nothing was changed."""

    code: ClassVar[str] = "restriction"
