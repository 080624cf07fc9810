"""Errors of calls. Messages never contain a person, an order or a number."""

from waybillguard.errors import WaybillGuardError


class CallError(WaybillGuardError):
    """No call was connected; the message gives the reason and the next step."""

    code = "call"


class CallDeniedError(CallError):
    """Refused by a policy or the quota; ``policies`` are the ids of the deciding policies."""

    code = "call_denied"

    def __init__(self, *, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.policies = policies
