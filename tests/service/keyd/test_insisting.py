"""A person whose access ended while keyd was down, or its ledger stopped, opens nothing once it is back."""

from pathlib import Path

import pytest
from support.keyd import Keyd, until

from waybillguard.service.keyd import enrolling, insisting, messages, signing_in
from waybillguard.service.keyd.client import KeydError, KeydUnavailableError, RefusedError

OWNER = messages.Context("here", "u0")


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


def test_a_suspension_said_to_a_dead_keyd_holds_when_it_is_back(keyd: Keyd) -> None:
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
    until(lambda: not insisting._waiting)
    order = keyd.sealed
    assert order is not None
    context = messages.Context("here", "u0", purpose="after_sales", grant=grant)
    asking = keyd.client()
    with pytest.raises(RefusedError, match="ended"):
        asking.call(messages.Reveal(context, *order, "phone", ["p"], "1"), messages.Revealed)
    asking.close()


def test_what_keyd_refuses_for_good_is_said_once(keyd: Keyd, monkeypatch: pytest.MonkeyPatch) -> None:
    until(lambda: answers(keyd))
    heard, said = insisting._heard, []
    monkeypatch.setattr(insisting, "_heard", lambda *of: said.append(of) or heard(*of))
    insisting.insist(keyd.config.keyd_socket, signing_in.EndSession(OWNER))
    until(lambda: not insisting._waiting)
    assert len(said) == 1


def test_a_later_act_takes_the_place_of_what_was_not_heard_yet(tmp_path: Path) -> None:
    """Otherwise a role lowered while keyd was down would be lowered again after it had been raised."""
    nobody = tmp_path / "s"
    for person in ("u7", "u8"):
        insisting.insist(nobody, enrolling.SetRole(OWNER, person, "clerk"))
    insisting.withdraw(nobody, enrolling.Suspend, "u8")
    insisting.withdraw(nobody, enrolling.SetRole, "u7")
    assert [of.person for place, of in insisting._waiting if place == nobody] == ["u8"]
    insisting.withdraw(nobody, enrolling.SetRole, "u8")
