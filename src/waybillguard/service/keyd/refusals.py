"""Records keyd's refusals in the ledger, so that attempts are visible.

At most one entry a minute for each name, request and reason, and sixty a minute for a warehouse, so that fast callers
cannot fill the disk. The name in a refused request is unverified, so the entry belongs to the service and quotes it.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger.errors import LedgerError
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import LimitReachedError, NotGrantedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

WINDOW_S: Final = 60.0
A_MINUTE: Final = 60
_NAME: Final = 64
_MOST_COUNTED: Final = 10_000


class Rate:
    """Counts events within a window of time, in this process only: it limits what is recorded, not what is opened.

    Args:
        limit: how many are allowed in a window.
        window_s: how long a window is, in seconds.
        clock: gives seconds.
    """

    def __init__(self, limit: int, window_s: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        """Start of each window, oldest first, and its count."""

    def allow(self, tenant: str, what: str, amount: int) -> bool:
        """Count ``amount`` and return whether it was within the limit; refused amounts count too."""
        with self._lock:
            now, windows = self._clock(), self._windows
            while windows and not 0 <= now - windows[first := next(iter(windows))][0] < self._window_s:
                del windows[first]
            start, count = windows.get((tenant, what), (now, 0))
            if not count and len(windows) >= _MOST_COUNTED:
                return False
            windows[tenant, what] = (start, count + amount)
            return count + amount <= self._limit


class Refusals:
    """Records refusals in the ledger.

    Args:
        ops: provides the ledger and the clock.
    """

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._same = Rate(1, WINDOW_S, self._seconds)
        self._all = Rate(A_MINUTE, WINDOW_S, self._seconds)

    def record(self, request: messages.Request, error: NotGrantedError | LimitReachedError) -> None:
        """Record one refusal, at most one a minute of the same kind. Ledger failures do not change the answer."""
        context = getattr(request, "context", None) or messages.Context(getattr(request, "tenant", ""), "")
        # A refusal creates no ledger for an invented warehouse.
        if not self._ops.people.enrolled(context.tenant):
            return
        what, name = type(request).__name__, context.actor[:_NAME]
        if not self._same.allow(context.tenant, f"{name} {what} {error.code}", 1):
            return
        if not self._all.allow(context.tenant, "", 1):
            return
        detail: dict[str, str | int] = {
            "what": "refused", "asked": what, "reason": error.code, "why": error.en, "claimed": name,
        }  # fmt: skip
        self._write(messages.Context(context.tenant, "service", context.workstation), detail)

    def record_held_frame(self, request: messages.FrameHeld) -> messages.Done:
        """Record that a frame was held half sent, once a minute, for every warehouse, since it names none."""
        for tenant in sorted(self._ops.people.tenants()):
            if self._same.allow(tenant, "frame_held", 1):
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
