"""Errors of calls. None names a person, an order or a number."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class CallError(WaybillGuardError):
    """Nothing was connected; the message says why and what to do."""

    code: ClassVar[str] = "call"


class CallDeniedError(CallError):
    """A policy or the quota says no; ``policies`` are the deciding ids."""

    code: ClassVar[str] = "call_denied"

    def __init__(self, *, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.policies = policies
