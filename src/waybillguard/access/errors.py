"""Errors of the access package. None of them names a person, an account or an order."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class AccessError(WaybillGuardError):
    """Base of the errors of policies, quotas, shifts and the sub-account register."""

    code: ClassVar[str] = "access"


class PolicyTextError(AccessError):
    """A policy text cannot be parsed: syntax, size, nesting, or a missing annotation."""

    code: ClassVar[str] = "policy_text"


class PolicyInvalidError(AccessError):
    """A policy refers to an action, role or attribute that the schema does not define."""

    code: ClassVar[str] = "policy_invalid"


class PolicyExamplesError(AccessError):
    """The policies decide an example differently from its expected decision."""

    code: ClassVar[str] = "policy_examples"


class SettingsError(AccessError):
    """A value of the policy form is unknown, out of range, or weaker than the fixed rules allow."""

    code: ClassVar[str] = "settings"


class RecordedRequestError(AccessError):
    """A recorded request cannot be parsed."""

    code: ClassVar[str] = "recorded_request"


class QuotaError(AccessError):
    """A limit, a quota increase or a count is invalid."""

    code: ClassVar[str] = "quota"


class ShiftError(AccessError):
    """A shift, an overtime period, a sale day or a row of the working-day file is invalid."""

    code: ClassVar[str] = "shift"


class RegisterError(AccessError):
    """A list of external accounts or the payroll list cannot be read."""

    code: ClassVar[str] = "register"


class LeavingError(AccessError):
    """A leaver's checklist cannot be closed, or the proof that an account is disabled is incomplete."""

    code: ClassVar[str] = "leaving"


class WeakPinError(AccessError):
    """A chosen PIN is refused; the message gives the reason and never contains the PIN."""

    code: ClassVar[str] = "weak_pin"


class VirtualNumberError(AccessError):
    """No virtual number was bound; the message gives the reason and the next step."""

    code: ClassVar[str] = "virtual_number"
