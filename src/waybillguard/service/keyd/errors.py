"""Errors of the key process."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class RequestRefusedError(WaybillGuardError):
    """keyd will not do what was asked."""

    code: ClassVar[str] = "refused"


class TooManySearchesError(RequestRefusedError):
    """One actor searches faster than a person would."""

    code: ClassVar[str] = "too_many_searches"


class ShreddedError(RequestRefusedError):
    """What was asked for was shredded and is never opened again."""

    code: ClassVar[str] = "shredded"


class ExportPacedError(RequestRefusedError):
    """So many records were sealed for recipients within the hour that the rest has to wait."""

    code: ClassVar[str] = "export_paced"


class NotGrantedError(RequestRefusedError):
    """What was asked needs a grant that was not shown, has ended, or is another's."""

    code: ClassVar[str] = "not_granted"


class StepUpNeededError(RequestRefusedError):
    """This act takes a code confirmed for it alone; ``action`` is what to have it confirmed for."""

    code: ClassVar[str] = "step_up"

    def __init__(self, *, zh: str, en: str, action: bytes) -> None:
        super().__init__(zh=zh, en=en)
        self.action = action


class FactorRefusedError(RequestRefusedError):
    """A code, a passkey or a recovery code is wrong, spent or unknown."""

    code: ClassVar[str] = "factor_refused"


class LimitReachedError(RequestRefusedError):
    """keyd's own limit for a person, a warehouse or a young factor is used up."""

    code: ClassVar[str] = "limit_reached"
