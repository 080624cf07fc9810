"""Errors of the access room. None of them names a person, an account or an order."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class AccessError(WaybillGuardError):
    """Base of what can go wrong around policies, quotas, shifts and the sub-account register."""

    code: ClassVar[str] = "access"


class PolicyTextError(AccessError):
    """A policy text cannot be read: syntax, size, nesting, or an annotation that is missing."""

    code: ClassVar[str] = "policy_text"


class PolicyInvalidError(AccessError):
    """A policy speaks of an action, role or attribute that the schema does not know."""

    code: ClassVar[str] = "policy_invalid"


class PolicyExamplesError(AccessError):
    """The policies decide an example otherwise than it must be decided."""

    code: ClassVar[str] = "policy_examples"


class SettingsError(AccessError):
    """A value of the policy form is out of range, unknown, or weaker than the fixed rules allow."""

    code: ClassVar[str] = "settings"


class RecordedRequestError(AccessError):
    """A recorded request cannot be read."""

    code: ClassVar[str] = "recorded_request"


class QuotaError(AccessError):
    """A limit, a raise or a count makes no sense."""

    code: ClassVar[str] = "quota"


class ShiftError(AccessError):
    """A shift, an overtime, a sale day or a row of the working-day file makes no sense."""

    code: ClassVar[str] = "shift"


class RegisterError(AccessError):
    """A list of outside accounts or the payroll list cannot be read."""

    code: ClassVar[str] = "register"


class LeavingError(AccessError):
    """A leaver's checklist cannot be closed, or a proof of disabling is incomplete."""

    code: ClassVar[str] = "leaving"


class WeakPinError(AccessError):
    """A PIN that somebody wants to have is refused; the message says why and never names it."""

    code: ClassVar[str] = "weak_pin"


class VirtualNumberError(AccessError):
    """No virtual number was bound; the message says why and what to do."""

    code: ClassVar[str] = "virtual_number"
