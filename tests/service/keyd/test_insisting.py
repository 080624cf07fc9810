"""Whose access ended while keyd was away, or its ledger stopped, opens nothing a second after it is back."""

import time
from collections.abc import Callable

import pytest
from support.keyd import Keyd

from waybillguard.service.keyd import enrolling, insisting, messages, signing_in
from waybillguard.service.keyd.client import KeydError, KeydUnavailableError, RefusedError

OWNER = messages.Context("here", "u0")
WITHIN_S = 1.0


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def looks(keyd: Keyd) -> bool:
    try:
        keyd.look()
    except KeydError:
        return False
    return True


def answers(keyd: Keyd) -> bool:
    client = keyd.client(patience=0)
    try:
        return client.call(messages.Status(), messages.StatusAnswer).healthy
    except KeydError:
        return False
    finally:
        client.close()


def test_a_suspension_said_to_a_dead_keyd_holds_within_a_second_of_its_coming_back(keyd: Keyd) -> None:
    keyd.seal()
    assert looks(keyd)
    assert keyd.desk is not None
    grant = keyd.desk.session("here", "u0")
    keyd.kill()
    request = enrolling.Suspend(OWNER, "u0")
    client = keyd.client(patience=0)
    with pytest.raises(KeydUnavailableError) as away:
        client.call(request, messages.Done)
    assert not insisting.is_final(away.value)
    insisting.insist(keyd.config.keyd_socket, request)
    keyd.start()
    until(lambda: answers(keyd))
    back = time.monotonic()
    until(lambda: not insisting._waiting)
    assert time.monotonic() - back < WITHIN_S
    order = keyd.sealed
    assert order is not None
    context = messages.Context("here", "u0", purpose="after_sales", grant=grant)
    asking = keyd.client()
    with pytest.raises(RefusedError, match="ended"):
        asking.call(messages.Reveal(context, *order, "phone", ["p"], "1"), messages.Revealed)
    asking.close()


def test_what_keyd_refuses_for_good_is_said_once(keyd: Keyd) -> None:
    until(lambda: answers(keyd))
    insisting.insist(keyd.config.keyd_socket, signing_in.EndSession(OWNER))
    until(lambda: not insisting._waiting)
