"""How many source files the code of a ticket and of its label passes through, so that it stays easy to follow."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from support.followed import followed, keyd_behind_socket, said_of

from waybillguard.service.authorization import principal
from waybillguard.service.identity.models import User
from waybillguard.service.platform.config import Config

pytestmark = pytest.mark.django_db(transaction=True)
TICKET_FILES, LABEL_FILES = 59, 95
"""Number of source files of a click that makes tickets, and of an agent's request for one label with its signature."""


@pytest.fixture
def written(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """keyd behind its socket; its own code is not counted."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(principal, "FRESH_S", 3_600.0)  # a slow machine would load the person again and again
    settings.CONFIG = Config(tmp_path)
    with keyd_behind_socket(settings.CONFIG):
        yield SimpleNamespace(clear=lambda: None)


def test_a_ticket_and_its_label_go_through_no_more_files_than_they_did(
    room: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    browser, address = signed_in(room.clerk), f"/print/waves/{room.wave.pk}/print/"
    new, cancel = ({"what": what, "printer": room.printer.pk} for what in ("new", "cancel"))
    browser.post(address, new, secure=True)
    room.agent.ack(*room.agent.lease(most=1))  # what is done once a day or a process is done
    browser.post(address, cancel, secure=True)
    with followed() as ticket:
        browser.post(address, new, secure=True)
    with followed() as label:
        assert len(room.agent.lease(most=1)) == 1
    with followed() as page:
        browser.get(reverse("home"), secure=True)
    sys.stdout.write(said_of("a ticket", ticket, page) + said_of("a label", label, page))
    assert len(ticket.files()) <= TICKET_FILES
    assert len(label.files()) <= LABEL_FILES
