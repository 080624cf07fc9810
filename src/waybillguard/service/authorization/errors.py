"""Errors of policy versions."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PolicyVersionError(WaybillGuardError):
    """A version cannot be saved, tried or put in force; the policies in force stay."""

    code: ClassVar[str] = "policy_version"


class NotDraftError(PolicyVersionError):
    """The version is no draft any more, or somebody else was faster."""

    code: ClassVar[str] = "not_draft"


class NotTestedError(PolicyVersionError):
    """The draft was never tested, or against another version than the one in force."""

    code: ClassVar[str] = "not_tested"


class StaleDraftError(PolicyVersionError):
    """Another version came into force since the form was opened."""

    code: ClassVar[str] = "stale_draft"


class DeniedError(PolicyVersionError):
    """The policies in force do not let this person change them now."""

    code: ClassVar[str] = "denied"


class LimitsError(PolicyVersionError):
    """What was entered are no limits."""

    code: ClassVar[str] = "limits"
