"""Errors of policy versions."""

from waybillguard.errors import WaybillGuardError


class PolicyVersionError(WaybillGuardError):
    """A version cannot be saved, tried or activated; the policies in force are unchanged."""

    code = "policy_version"


class DeniedError(PolicyVersionError):
    """The policies in force do not allow this person to change them now."""

    code = "denied"


class RestrictionError(WaybillGuardError):
    """A restriction cannot be set or lifted; nothing was changed."""

    code = "restriction"
