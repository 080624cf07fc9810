"""What keyd refused stands in the ledger, too: who tries the locks is seen.

One entry a minute for each name, request and reason, and sixty a minute for a warehouse, so that whoever asks fast
fills no disk. The name in a refused request is a claim, so the entry is the service's and holds it as one.
"""

import contextlib
from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger.errors import LedgerError
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import LimitReachedError, NotGrantedError
from waybillguard.service.keyd.searching import Rate

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

WINDOW_S: Final = 60.0
A_MINUTE: Final = 60
_NAME: Final = 64


class Refusals:
    """Writes refusals down.

    Args:
        ops: whose refusals these are.
    """

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._same = Rate(1, WINDOW_S, self._seconds)
        self._all = Rate(A_MINUTE, WINDOW_S, self._seconds)

    def record(self, request: messages.Request, error: NotGrantedError | LimitReachedError) -> None:
        """Write one refusal, unless the like was written within the minute; a ledger that is away changes no answer."""
        context = getattr(request, "context", None) or messages.Context(getattr(request, "tenant", ""), "")
        # A made-up warehouse gets no ledger of its own by being refused.
        if not self._ops.people.enrolled(context.tenant):
            return
        what, name = type(request).__name__, context.actor[:_NAME]
        if not self._same.room(context.tenant, f"{name} {what} {error.code}", 1):
            return
        if not self._all.room(context.tenant, "", 1):
            return
        detail: dict[str, str | int] = {
            "what": "refused", "asked": what, "reason": error.code, "why": error.en, "claimed": name,
        }  # fmt: skip
        self._write(messages.Context(context.tenant, "service", context.workstation), detail)

    def held(self, request: messages.FrameHeld) -> messages.Done:
        """Write that a frame was held half sent, once a minute: it names no warehouse, so it concerns each."""
        for tenant in sorted(self._ops.people.tenants()):
            if self._same.room(tenant, "frame_held", 1):
                detail: dict[str, str | int] = {
                    "what": "refused",
                    "reason": "frame_held",
                    "claimed": request.caller,
                }
                self._write(messages.Context(tenant, "service"), detail)
        return messages.Done()

    def _write(self, who: messages.Context, detail: dict[str, str | int]) -> None:
        with contextlib.suppress(LedgerError):
            self._ops.write([self._ops.entry(who, EntryKind.RESPONSE, FieldClass.NONE, detail=detail)])

    def _seconds(self) -> float:
        return self._ops.now_us() / 1e6
