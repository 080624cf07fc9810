"""What takes power away is said to keyd until it has heard: it may be away, or its ledger stopped, at the first word.

A thread says it again every fifth of a second, so it holds as soon as keyd answers again. It lives as long as its
process and gives up after an hour. Suspensions and locks are said anew every hour by the worker; a removed factor, a
lowered role and a sign-out that keyd never heard are not (docs/*/threats.md says what bounds that).
"""

import logging
import threading
import time
from pathlib import Path
from typing import Final

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydError, RefusedError

logger = logging.getLogger(__name__)
EVERY_S: Final = 0.2
FOR_S: Final = 3_600.0
_ANSWERED_S: Final = 10.0
_FINAL: Final = frozenset({"refused", "not_granted", "step_up", "too_large", "caller_not_allowed"})
_lock: Final = threading.Lock()
_waiting: Final[dict[tuple[Path, messages.Request], float]] = {}


def is_final(error: KeydError) -> bool:
    """Tell whether keyd has heard and said no: it would say so again."""
    return isinstance(error, RefusedError) and error.reason in _FINAL


def insist(path: Path, request: messages.Request) -> None:
    """Say a request, whose answer is "done", to the keyd at this socket until it was heard; returns at once."""
    with _lock:
        begin = not _waiting
        _waiting[path, request] = time.monotonic() + FOR_S
    if begin:
        threading.Thread(target=_say_again, name="keyd-insisting", daemon=True).start()


def withdraw(path: Path, kind: type[messages.Request], person: str) -> None:
    """Say an earlier request about somebody no more: a later act has taken its place."""
    with _lock:
        for place, request in list(_waiting):
            if place == path and isinstance(request, kind) and getattr(request, "person", "") == person:
                del _waiting[place, request]


def _say_again() -> None:
    clients: dict[Path, KeydClient] = {}
    while True:
        with _lock:
            now = time.monotonic()
            for place in [place for place, until in _waiting.items() if until < now]:
                del _waiting[place]
            waiting = list(_waiting)
            if not waiting:
                break
        for path, request in waiting:
            client = clients.setdefault(path, KeydClient(path, timeout=_ANSWERED_S, patience=0))
            if _heard(client, request):
                with _lock:
                    _waiting.pop((path, request), None)
        time.sleep(EVERY_S)
    for client in clients.values():
        client.close()


def _heard(client: KeydClient, request: messages.Request) -> bool:
    try:
        client.call(request, messages.Done)
    except KeydError as error:
        return is_final(error)
    except Exception as error:  # noqa: BLE001 - what else waits is said all the same
        logger.error("%s cannot be said to keyd: %s", type(request).__name__, type(error).__name__)  # noqa: TRY400
        return True
    logger.warning("keyd has heard now: %s", type(request).__name__)
    return True
