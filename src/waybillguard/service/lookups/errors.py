"""Errors of a look at plaintext. None names a person or an order."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class RevealError(WaybillGuardError):
    """Nothing was shown; the message says why and what to do."""

    code: ClassVar[str] = "reveal"


class RevealDeniedError(RevealError):
    """A policy or a quota says no; ``policies`` are the deciding ids."""

    code: ClassVar[str] = "reveal_denied"

    def __init__(self, *, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.policies = policies


class GuardError(RevealDeniedError):
    """The guard slows somebody down, wants a confirmation, or refuses; ``kind`` and ``wait_s`` say which and how long."""

    code: ClassVar[str] = "guard"

    def __init__(self, *, zh: str, en: str, rule: str, kind: str, wait_s: int) -> None:
        super().__init__(zh=zh, en=en, policies=(rule,))
        self.kind, self.wait_s = kind, wait_s


class UsedFormError(RevealError):
    """The form was used or is too old: a record is shown once."""

    code: ClassVar[str] = "used_form"
