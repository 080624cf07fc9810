"""Errors of the key process."""

from waybillguard.errors import WaybillGuardError


class RequestRefusedError(WaybillGuardError):
    """keyd refused the request."""

    code = "refused"


class TooManySearchesError(RequestRefusedError):
    """One person sent more searches than the rate limit allows."""

    code = "too_many_searches"


class ShreddedError(RequestRefusedError):
    """The order was shredded and is never opened again."""

    code = "shredded"


class NotGrantedError(RequestRefusedError):
    """The request needs a grant that is missing, has ended, or belongs to somebody else."""

    code = "not_granted"


class StepUpNeededError(RequestRefusedError):
    """The act needs a code confirmed for it; ``action`` is the digest to confirm."""

    code = "step_up"

    def __init__(self, *, zh: str, en: str, action: bytes) -> None:
        super().__init__(zh=zh, en=en)
        self.action = action


class FactorRefusedError(RequestRefusedError):
    """A code, a passkey or a recovery code is wrong, already used or unknown."""

    code = "factor_refused"


class LimitReachedError(RequestRefusedError):
    """keyd's limit for a person, a warehouse or a young factor is used up."""

    code = "limit_reached"
