"""Sign-ins are written to the ledger before they count; signing out never waits for it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from waybillguard.service.identity.accounts import journal as real
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.client import KeydUnavailableError

type Journal = list[tuple[str, Any, dict[str, Any]]]


def refuse(*_: Any, **__: Any) -> None:
    raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")


def test_a_wrong_password_is_written_without_the_typed_name(
    warehouse: SimpleNamespace, journal: Journal
) -> None:
    Client().post("/login/", {"login": "owner", "password": "wrong wrong"})
    Client().post("/login/", {"login": "my secret by mistake", "password": "wrong wrong"})
    assert [(kind, user) for kind, user, _ in journal] == [
        ("sign_in_failed", warehouse.owner), ("sign_in_failed", None),
    ]  # fmt: skip
    assert "mistake" not in str(journal)


def test_a_sign_in_that_cannot_be_written_is_refused(
    warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real, "write", refuse)
    request = RequestFactory().get("/login/")
    client = Client()
    request.session = client.session
    request.user = AnonymousUser()
    with pytest.raises(KeydUnavailableError):
        get_adapter(request).login(request, warehouse.owner)
    assert not request.user.is_authenticated
    assert "_auth_user_id" not in request.session


def test_signing_out_works_without_a_ledger(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real, "write", refuse)
    client = signed_in(warehouse.owner)
    assert client.post("/logout/").status_code == 302
    assert client.get("/").headers["Location"].startswith("/login/")


def test_signing_out_is_written(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client], journal: Journal
) -> None:
    signed_in(warehouse.owner).post("/logout/")
    assert ("sign_out", warehouse.owner, {}) in journal
