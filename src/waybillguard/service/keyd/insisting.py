"""Repeats requests that take power away until keyd has received them, in case it is down or its ledger has stopped.

A thread repeats them every 0.2 seconds, so they take effect as soon as keyd answers again. It stops with its process
and gives up after an hour. The worker sends suspensions and locks again every hour. A removed factor, a lowered role
and a sign-out that keyd never received are not repeated (docs/*/threats.md describes the bound).
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
    """Return whether keyd received the request and refused it; repeating it would not help."""
    return isinstance(error, RefusedError) and error.reason in _FINAL


def insist(path: Path, request: messages.Request) -> None:
    """Repeat a request that is answered with "done" until keyd at this socket received it; returns at once."""
    with _lock:
        begin = not _waiting
        _waiting[path, request] = time.monotonic() + FOR_S
    if begin:
        threading.Thread(target=_say_again, name="keyd-insisting", daemon=True).start()


def withdraw(path: Path, kind: type[messages.Request], person: str) -> None:
    """Stop repeating an earlier request about a person, because a later act has replaced it."""
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
