"""Errors of a look at plaintext. Messages never contain a person or an order."""

from waybillguard.errors import WaybillGuardError


class RevealError(WaybillGuardError):
    """Nothing was shown; the message gives the reason and the next step."""

    code = "reveal"


class RevealDeniedError(RevealError):
    """Refused by a policy or a quota; ``policies`` are the ids of the deciding policies."""

    code = "reveal_denied"

    def __init__(self, *, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.policies = policies


class GuardError(RevealDeniedError):
    """The guard delays, requires a confirmation, or refuses (``kind``). ``wait_s`` is the delay in seconds."""

    code = "guard"

    def __init__(self, *, zh: str, en: str, rule: str, kind: str, wait_s: int) -> None:
        super().__init__(zh=zh, en=en, policies=(rule,))
        self.kind, self.wait_s = kind, wait_s


class UsedFormError(RevealError):
    """The form was already used or has expired: a record is shown once."""

    code = "used_form"
