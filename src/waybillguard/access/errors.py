"""Errors of the access package. None of them names a person, an account or an order."""

from waybillguard.errors import WaybillGuardError


class AccessError(WaybillGuardError):
    """Base of the errors of policies, quotas, shifts and the sub-account register."""

    code = "access"


class PolicyTextError(AccessError):
    """A policy text cannot be parsed: syntax, size, nesting, or a missing annotation."""

    code = "policy_text"


class RecordedRequestError(AccessError):
    """A recorded request cannot be parsed."""

    code = "recorded_request"


class QuotaError(AccessError):
    """A limit, a quota increase or a count is invalid."""

    code = "quota"


class RegisterError(AccessError):
    """A list of external accounts or the payroll list cannot be read."""

    code = "register"


class LeavingError(AccessError):
    """A leaver's checklist cannot be closed, or the proof that an account is disabled is incomplete."""

    code = "leaving"


class WeakPinError(AccessError):
    """A chosen PIN is refused; the message gives the reason and never contains the PIN."""

    code = "weak_pin"


class VirtualNumberError(AccessError):
    """No virtual number was bound; the message gives the reason and the next step."""

    code = "virtual_number"
